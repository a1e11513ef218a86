import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** The API and the chat servers of a locally started Warren (`npm run dev` or the cluster's gateway). */
const backend = 'http://localhost:8080';

export default defineConfig({
  plugins: [preact()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Every asset is a file of its own origin, and nothing is inline: the page runs under a strict content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    fs: { allow: ['..'] },
    proxy: { '/v1': backend, '/ws': { target: backend, ws: true } },
  },
});
