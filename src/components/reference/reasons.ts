// The statements that no test holds anybody to, and why.
import type { Standard } from './standards.ts';

export const REASONS_NOT_TO: Record<Standard, Record<string, string>> = {
  '3.1.1': {
    'MQTT-4.8.0-2':
      'It takes a failure inside the broker, of memory or disk, which nothing that a client sends brings about.',
    'MQTT-7.0.0-1': 'The broker opens no connections to other servers.',
    'MQTT-7.0.0-2':
      'It is about all implementations that there are; that other projects’ clients work with the broker is tested.',
  },
  '5.0': {},
};
