// How a message that was received is printed: the payload alone, the topic before it, or by a format. Knows the options of
// printing; knows nothing of how the message came.
import type { Publish } from '../../codec/index.ts';
import { bytesOf, charactersOf, charactersOfText } from './bytes.ts';
import { NotJson, type Piece, type Printed } from './format.ts';
import type { ToolHost } from './host.ts';
import type { ToolSettings } from './settings.ts';

/** Prints a message, unless chance leaves it out. */
export function printMessage(message: Publish, settings: ToolSettings, host: ToolHost): void {
  if (settings.share < 1 && host.random() >= settings.share) return;
  const { format, hasLineEnds } = settings;
  if (format === undefined) return host.print(plain(message, settings));
  const printed: Printed = { message, at: host.now() };
  const characters = format.map((piece) => write(piece, printed, settings, host)).join('');
  host.print(bytesOf(hasLineEnds ? `${characters}\n` : characters));
}

function plain({ topic, payload }: Publish, { isVerbose, hasLineEnds }: ToolSettings): Uint8Array {
  const isEmpty = payload.length === 0;
  if (isEmpty && !(isVerbose && hasLineEnds)) return new Uint8Array();
  const characters = isEmpty ? '(null)' : charactersOf(payload);
  const head = isVerbose ? `${charactersOfText(topic)} ` : '';
  return bytesOf(`${head}${characters}${hasLineEnds ? '\n' : ''}`);
}

function write(piece: Piece, printed: Printed, settings: ToolSettings, host: ToolHost): string {
  if (typeof piece === 'string') return piece;
  try {
    return piece(printed, settings.isPretty);
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    if (!settings.isQuiet) host.complain(`${error.message}\n`);
    return '';
  }
}
