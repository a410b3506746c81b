import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// In development the pages come from Vite and everything else from a running server.
const server = process.env['DRONEOPS_SERVER'] ?? 'http://127.0.0.1:8110';
const proxied = ['/api', '/feed', '/library', '/tiles', '/openapi', '/healthz'];

export default defineConfig({
  plugins: [svelte()],
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  build: {
    outDir: '../DroneOps.Server/wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    // The content policy allows fonts and scripts from the server itself only, not from data addresses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    // Two pages: the console, and what a crew's phone shows.
    rolldownOptions: { input: { index: fileURLToPath(new URL('./index.html', import.meta.url)), field: fileURLToPath(new URL('./field.html', import.meta.url)) } },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: server, ws: path === '/feed' }])),
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
