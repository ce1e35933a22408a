import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MAX_BYTES = 200 * 1024;
const scripts = readdirSync('dist/webview')
  .filter((file) => file.endsWith('.js'))
  .map((file) => readFileSync(join('dist/webview', file), 'utf8'));
const style = readFileSync('media/webview.css', 'utf8');

describe('the webview bundles', () => {
  it('are small', () => {
    const bytes = [...scripts, style].reduce((sum, text) => sum + gzipSync(text).length, 0);
    assert.ok(scripts.length >= 2);
    assert.ok(bytes <= MAX_BYTES, `${bytes} bytes gzipped`);
  });

  it('do not close the element that contains them', () => {
    for (const script of scripts) assert.doesNotMatch(script, /<\/script|<!--/i);
    assert.doesNotMatch(style, /<\/style/i);
  });
});
