// Hands the reader a file: what a page has made goes to where their browser keeps downloads. It leaves no link behind.

/**
 * Saves a file under a name.
 * @param type the media type, as `image/svg+xml`
 */
export function save(name: string, content: Uint8Array<ArrayBuffer> | string, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read by the next task; until then the address has to hold.
  setTimeout(() => URL.revokeObjectURL(address));
}
