// A row of the capture viewer as lesson 7 looks at it. Knows both shapes, and nothing of what is wanted.
import type { Listed } from '../../lessons/wireshark.ts';
import type { Row } from '../capture/open-capture.ts';

export function listed({ number, type, isUp, says }: Row): Listed {
  return { number, type, isUp, isRetained: says.some(({ what }) => what === 'retain') };
}
