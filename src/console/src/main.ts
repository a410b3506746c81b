import { mount } from 'svelte';
import './app.css';
import App from './shell/App.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target });

// Chinese glyphs for systems without a Chinese face, block by block as they are met; not before the page itself.
void import('@fontsource-variable/noto-sans-sc/wght.css');
