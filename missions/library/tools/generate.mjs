// Draws the sample city: node missions/library/tools/generate.mjs
// The same input writes the same bytes on every machine; see ../README.md.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blockLayer, bridges, buildings, districtLayer, green, placeLayer, railwayLayer, roads, water } from './basemap.mjs';
import { areas, docks, grids, supportPoints } from './patrol.mjs';
import { addresses } from './gazetteer.mjs';
import { keySites } from './key-sites.mjs';
import { zones } from './zones.mjs';
import { routes } from './routes.mjs';
import { writeCollection, writeJson, writeList } from './output.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

writeCollection(root, 'areas.geojson', 'areas', areas);
writeCollection(root, 'grids.geojson', 'grids', grids);
writeCollection(root, 'key-sites.geojson', 'key-sites', keySites);
writeCollection(root, 'docks.geojson', 'docks', docks);
writeCollection(root, 'zones.geojson', 'zones', zones);
writeCollection(root, 'support-points.geojson', 'support-points', supportPoints);
writeList(root, 'addresses.json', 'addresses', 'addresses', addresses);
for (const route of routes) writeJson(root, `routes/${route.id}.json`, route);

const layers = { blocks: blockLayer, bridges, buildings, districts: districtLayer, green, places: placeLayer, railways: railwayLayer, roads, water };
for (const [name, features] of Object.entries(layers)) writeCollection(root, `basemap/${name}.geojson`, `basemap-${name}`, features);
