import assert from 'node:assert/strict';
import { couldRenderAs } from '../../../../src/core/messages/renderTolerance';

const FAMILY = 'family 👨‍👩‍👧‍👦, coder 👩🏽‍💻, heart ❤️‍🔥, flag 🏳️‍🌈 end';

describe('couldRenderAs', () => {
  it('allows missing characters right after a character of disputed width (seen with 2.1.197 in tmux 3.3a)', () => {
    assert.ok(couldRenderAs('family 👨‍👩‍👧‍, coder 👩🏽‍💻heart ❤️‍🔥 , flag 🏳️‍🌈  end', FAMILY, true));
    assert.ok(
      couldRenderAs('नमस्ते दुनियाสวัสดีชาวโลก, 한글, தமிழ்end', 'नमस्ते दुनिया, สวัสดีชาวโลก, ᄒ\u1161ᆫ글, தமிழ் end', true),
    );
  });

  it('allows no missing characters elsewhere', () => {
    assert.ok(!couldRenderAs(FAMILY.replace('family', 'famly'), FAMILY, true));
    assert.ok(!couldRenderAs(FAMILY.replace(' end', ''), `${FAMILY}, and the last words of it`, true));
    assert.ok(!couldRenderAs('plain tex', 'plain text', true));
  });

  it('allows no foreign and no repeated characters', () => {
    assert.ok(!couldRenderAs(`${FAMILY} zz`, FAMILY, true));
    assert.ok(!couldRenderAs(FAMILY + FAMILY, FAMILY, true));
  });

  it('allows a hidden beginning only if the input box shows a part', () => {
    assert.ok(couldRenderAs('heart ❤️‍🔥 , flag 🏳️‍🌈 end', FAMILY, false));
    assert.ok(!couldRenderAs('heart ❤️‍🔥 , flag 🏳️‍🌈 end', FAMILY, true));
  });
});
