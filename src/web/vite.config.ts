/**
 * @module Builds the web page into dist/web: one small entry, one file per page, everything under /assets so that
 * the server can cache it for ever by its content hash. No file is loaded from anywhere but our own origin.
 */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  publicDir: false,
  plugins: [react()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    assetsDir: 'assets',
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
  },
})
