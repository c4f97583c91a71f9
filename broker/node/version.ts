// What the broker calls itself: the version of the project, which its package file has.
import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

export const VERSION = `Glass Broker version ${version}`;
