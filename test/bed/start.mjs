/** `npm start`: VS Code with the extension on a sample workspace; `npm start -- --headless`: the same job in this terminal. */
import { runEntry } from './bootstrap.mjs';

try {
  process.exitCode = await runEntry('start');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
