// Text as short as it can be in an address: deflated (RFC 1951), in base64 without the characters that an address reads
// otherwise (RFC 4648, section 5). It knows nothing of what the text says.

/** More text than any page puts into its address: what would unfold to more was not made by one. */
const LONGEST = 16 * 1024 * 1024;

/** Makes a text short. */
export async function squeeze(text: string): Promise<string> {
  const packed = await through(
    new TextEncoder().encode(text),
    new CompressionStream('deflate-raw'),
    Infinity,
  );
  let characters = '';
  for (const byte of packed) characters += String.fromCharCode(byte);
  return btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Gives back the text that `squeeze` made short; undefined where it did not make this. */
export async function unfold(short: string): Promise<string | undefined> {
  try {
    const characters = atob(short.replaceAll('-', '+').replaceAll('_', '/'));
    const packed = Uint8Array.from(characters, (character) => character.charCodeAt(0));
    const bytes = await through(packed, new DecompressionStream('deflate-raw'), LONGEST);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  longest: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    length += part.value.length;
    if (length > longest) {
      await reader.cancel();
      throw new RangeError('longer than any text of ours');
    }
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
