/** The sources of the broker and of the tests as text, by path from the project's root, read while the site is built. */
const brokerFiles = import.meta.glob<string>('../../../broker/**/*.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const testFiles = import.meta.glob<string>('../../../test/**/*.test.ts', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function fromRoot(files: Record<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path.replace(/^(\.\.\/)+/, ''), text]),
  );
}

/** `broker/server/broker.ts` and its text, and so on. */
export const broker: Readonly<Record<string, string>> = fromRoot(brokerFiles);

/** `test/conformance/connect.test.ts` and its text, and so on. */
export const tests: Readonly<Record<string, string>> = fromRoot(testFiles);
