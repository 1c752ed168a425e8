/// <reference types="vite/client" />

declare module "virtual:emoji" {
  const table: Record<string, string>;
  export default table;
}
