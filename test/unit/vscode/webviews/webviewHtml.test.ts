import assert from 'node:assert/strict';
import { webviewHtml } from '../../../../src/vscode/webviews/webviewHtml';

const HOSTILE = '</script><script>alert(1)</script><!-- \u2028 ${x} " \' \\';

function page(text: string): string {
  return webviewHtml({
    language: 'en',
    title: 'TACO',
    nonce: 'bm9uY2U=',
    styles: ['a {}', 'b {}'],
    script: 'run()',
    first: { at: 1, posts: [{ type: 'monitor', text }] },
  });
}

describe('The document of a page', () => {
  it('contains the first state, which is read back unchanged, whatever agents have written', () => {
    const [, json = ''] = /<script type="application\/json" id="first">(.*?)<\/script>/s.exec(page(HOSTILE)) ?? [];
    assert.deepEqual(JSON.parse(json), { at: 1, posts: [{ type: 'monitor', text: HOSTILE }] });
  });

  it('lets no text of an agent become a part of it', () => {
    const plain = page('');
    const hostile = page(HOSTILE);
    const tags = (html: string): readonly string[] => html.match(/<[a-z/!][^>]*/gi) ?? [];
    assert.deepEqual(tags(hostile), tags(plain));
  });

  it('runs and styles nothing without its nonce, and loads nothing', () => {
    assert.match(page(''), /content="default-src 'none'; style-src 'nonce-bm9uY2U='; script-src 'nonce-bm9uY2U='"/);
    assert.equal([...page('').matchAll(/<(script|style) nonce="bm9uY2U="/g)].length, 2);
  });
});
