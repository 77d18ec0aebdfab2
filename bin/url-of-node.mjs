/**
 * A plugin of esbuild: node-fetch takes Node's own `URL` wherever there is one, and brings whatwg-url with its tables for
 * releases of Node that have none: 300 kB that no run reads.
 */
export const urlOfNode = {
  name: 'url-of-node',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/]whatwg-url[\\/]lib[\\/]public-api\.js$/ }, () => ({
      contents: 'exports.URL = URL; exports.URLSearchParams = URLSearchParams;',
      loader: 'js',
    }));
  },
};
