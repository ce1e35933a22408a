import assert from 'node:assert/strict';
import { couldRenderAs } from '../../../../src/core/messages/renderTolerance';

const FAMILY = 'family 👨‍👩‍👧‍👦, coder 👩🏽‍💻, heart ❤️‍🔥, flag 🏳️‍🌈 end';

describe('a text as a terminal draws it', () => {
  it('may lack what stands right after a sign of disputed width (seen with 2.1.197 in tmux 3.3a)', () => {
    assert.ok(couldRenderAs('family 👨‍👩‍👧‍, coder 👩🏽‍💻heart ❤️‍🔥 , flag 🏳️‍🌈  end', FAMILY, true));
    assert.ok(
      couldRenderAs('नमस्ते दुनियाสวัสดีชาวโลก, 한글, தமிழ்end', 'नमस्ते दुनिया, สวัสดีชาวโลก, ᄒ\u1161ᆫ글, தமிழ் end', true),
    );
  });

  it('may lack nothing elsewhere', () => {
    assert.ok(!couldRenderAs(FAMILY.replace('family', 'famly'), FAMILY, true));
    assert.ok(!couldRenderAs(FAMILY.replace(' end', ''), `${FAMILY}, and the last words of it`, true));
    assert.ok(!couldRenderAs('plain tex', 'plain text', true));
  });

  it("has nothing that is not the text's, nor anything twice", () => {
    assert.ok(!couldRenderAs(`${FAMILY} zz`, FAMILY, true));
    assert.ok(!couldRenderAs(FAMILY + FAMILY, FAMILY, true));
  });

  it('may be out of sight at its beginning, and only where the composer shows a part', () => {
    assert.ok(couldRenderAs('heart ❤️‍🔥 , flag 🏳️‍🌈 end', FAMILY, false));
    assert.ok(!couldRenderAs('heart ❤️‍🔥 , flag 🏳️‍🌈 end', FAMILY, true));
  });
});
