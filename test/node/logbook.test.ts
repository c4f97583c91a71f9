// Where a log goes, how its lines begin, and which there are.
import { readFileSync, renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Logbook, LogbookError, type LogbookSettings } from '#broker/node/logbook.ts';
import { folder } from './files.ts';

function settings(file: string, more: Partial<LogbookSettings> = {}): LogbookSettings {
  return { destinations: { streams: [], file }, types: ['error', 'notice'], hasTimestamp: true, ...more };
}

test('a line of a type that is wanted begins with the seconds since 1970', () => {
  const file = `${folder().path}/log`;
  const book = new Logbook(settings(file));
  book.write('notice', 'here', 1_700_000_000_999.5);
  book.write('debug', 'not here');
  book.close();
  expect(readFileSync(file, 'utf8')).toBe('1700000000: here\n');
});

test('the time is written as it is wanted, or not at all', () => {
  const file = `${folder().path}/log`;
  const book = new Logbook(settings(file, { format: '%Y|%%' }));
  const at = new Date(2023, 5, 7).getTime();
  book.write('error', 'one', at);
  book.reopen(settings(file, { hasTimestamp: false }));
  book.write('error', 'two', at);
  book.close();
  expect(readFileSync(file, 'utf8')).toBe('2023|%: one\ntwo\n');
});

test('a file that was moved away is written anew when it is opened again', () => {
  const file = `${folder().path}/log`;
  const book = new Logbook(settings(file, { hasTimestamp: false }));
  book.write('error', 'one');
  renameSync(file, `${file}.1`);
  book.write('error', 'two');
  book.reopen(settings(file, { hasTimestamp: false }));
  book.write('error', 'three');
  book.close();
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('one\ntwo\n');
  expect(readFileSync(file, 'utf8')).toBe('three\n');
});

test('a file that cannot be written is named, and the log goes on where it was', () => {
  const { path } = folder();
  const bad = `${path}/none/log`;
  expect(() => new Logbook(settings(bad))).toThrow(
    new LogbookError(`Error: Unable to open log file ${bad} for writing.`),
  );
  const book = new Logbook(settings(`${path}/log`, { hasTimestamp: false }));
  expect(() => book.reopen(settings(bad))).toThrow(LogbookError);
  book.write('error', 'still here');
  book.close();
  expect(readFileSync(`${path}/log`, 'utf8')).toBe('still here\n');
});

test('a line can be published instead, by its type, and is without its time then', () => {
  const published: string[] = [];
  const destinations = { streams: ['topic'], file: undefined } as const;
  const types = ['error', 'debug', 'subscribe'] as const;
  const book = new Logbook({ destinations, types, hasTimestamp: true });
  book.write('error', 'too early');
  book.publish = (topic, text) => published.push(`${topic} ${text}`);
  book.write('error', 'one');
  book.write('notice', 'two');
  book.write('debug', 'three');
  book.write('subscribe', 'four');
  expect(published).toEqual(['$SYS/broker/log/E one', '$SYS/broker/log/M/subscribe four']);
});
