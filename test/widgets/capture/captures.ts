/** The captures that the site shows, read as the viewer reads them. */
import { readFileSync } from 'node:fs';
import { type CaptureContents, Secrets } from '../../../broker/capture/index.ts';
import { read } from '../../capture/packets.ts';
import manifest from '../../captures/manifest.json' with { type: 'json' };

export const CAPTURES: readonly { file: string; broker_port: number; keylog?: string }[] = manifest.captures;

export function bytesOf(file: string): Uint8Array {
  return readFileSync(new URL(`../../../content/captures/${file}`, import.meta.url));
}

export function contentsOf(file: string, keyLog?: string): Promise<CaptureContents> {
  const secrets = new Secrets();
  if (keyLog !== undefined) secrets.add(Buffer.from(bytesOf(keyLog)).toString());
  return read(bytesOf(file), { secrets });
}
