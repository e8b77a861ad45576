// What the pages bring beside their own modules: vis-network, from the pyvis package.
declare const vis: any;

declare module "*/vis-network.js";
