/**
 * Code blocks in ink: two themes for the highlighter in which only remarks stand back, because colour is kept for
 * the parts of a packet. The colours repeat `tokens.css`, since the highlighter needs them while building.
 */

/** A theme as VS Code writes it, with what the highlighter needs of it. */
function ink(name: string, type: 'light' | 'dark', paper: string, text: string, remark: string) {
  return {
    name,
    type,
    colors: { 'editor.background': paper, 'editor.foreground': text },
    tokenColors: [{ scope: ['comment', 'punctuation.definition.comment'], settings: { foreground: remark } }],
  };
}

/** Settings of Expressive Code. */
export const expressiveCode = {
  themes: [
    ink('ink-dark', 'dark', '#16191e', '#eaedf1', '#969ca3'),
    ink('ink-light', 'light', '#f6f7f9', '#171b22', '#61666e'),
  ],
  styleOverrides: {
    borderRadius: '0',
    borderWidth: '0',
    codeFontFamily: 'var(--font-mono)',
    codeFontSize: '14px',
    codeLineHeight: '1.75',
    uiFontFamily: 'var(--font-text)',
    frames: { shadowColor: 'transparent', frameBoxShadowCssValue: 'none' },
  },
};
