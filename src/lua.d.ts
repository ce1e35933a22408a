/** Lua scripts are imported as text; the bundler's `text` loader fills them in. */
declare module '*.lua' {
  const source: string;
  export default source;
}
