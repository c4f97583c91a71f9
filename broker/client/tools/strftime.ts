// Dates and times as strftime writes them in the C locale. Knows one letter at a time; the time zone is that of the machine.

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
// biome-ignore format: one line of the year
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const DAY = 86_400_000;

/** By letter, what stands for it: text, or other letters with their sign. Source: strftime(3) of the GNU C library. */
const CONVERSIONS: Readonly<Record<string, string | ((time: Date) => string | number)>> = {
  a: (time) => (DAYS[time.getDay()] as string).slice(0, 3),
  A: (time) => DAYS[time.getDay()] as string,
  b: (time) => (MONTHS[time.getMonth()] as string).slice(0, 3),
  B: (time) => MONTHS[time.getMonth()] as string,
  c: '%a %b %e %H:%M:%S %Y',
  C: (time) => two(Math.floor(time.getFullYear() / 100)),
  d: (time) => two(time.getDate()),
  D: '%m/%d/%y',
  e: (time) => two(time.getDate(), ' '),
  F: '%Y-%m-%d',
  g: (time) => two(isoWeek(time).year % 100),
  G: (time) => isoWeek(time).year,
  h: '%b',
  H: (time) => two(time.getHours()),
  I: (time) => two(hourOfTwelve(time)),
  j: (time) => String(dayOfYear(time) + 1).padStart(3, '0'),
  k: (time) => two(time.getHours(), ' '),
  l: (time) => two(hourOfTwelve(time), ' '),
  m: (time) => two(time.getMonth() + 1),
  M: (time) => two(time.getMinutes()),
  n: '\n',
  p: (time) => (time.getHours() < 12 ? 'AM' : 'PM'),
  P: (time) => (time.getHours() < 12 ? 'am' : 'pm'),
  r: '%I:%M:%S %p',
  R: '%H:%M',
  s: (time) => Math.floor(time.getTime() / 1000),
  S: (time) => two(time.getSeconds()),
  t: '\t',
  T: '%H:%M:%S',
  u: (time) => time.getDay() || 7,
  U: (time) => two(week(time, time.getDay())),
  V: (time) => two(isoWeek(time).week),
  w: (time) => time.getDay(),
  W: (time) => two(week(time, (time.getDay() + 6) % 7)),
  x: '%m/%d/%y',
  X: '%H:%M:%S',
  y: (time) => two(time.getFullYear() % 100),
  Y: (time) => time.getFullYear(),
  z: (time) => offset(time),
  Z: (time) => zone(time),
  '%': () => '%',
};

/** Writes a format, such as `%Y-%m-%d`. What stands for nothing stays. */
export function strftime(format: string, time: Date): string {
  return format.replace(/%(.)/gs, (sequence, letter: string) => {
    const conversion = Object.hasOwn(CONVERSIONS, letter) ? CONVERSIONS[letter] : undefined;
    if (typeof conversion === 'string') return strftime(conversion, time);
    return conversion === undefined ? sequence : String(conversion(time));
  });
}

function two(number: number, fill = '0'): string {
  return String(number).padStart(2, fill);
}

function hourOfTwelve(time: Date): number {
  return time.getHours() % 12 || 12;
}

/** Counted from 0. */
function dayOfYear(time: Date): number {
  const year = time.getFullYear();
  return Math.round((Date.UTC(year, time.getMonth(), time.getDate()) - Date.UTC(year, 0, 1)) / DAY);
}

/** The week of the year; those before the first day of a week are 0. In: the day of the week, 0 for the first. */
function week(time: Date, dayOfWeek: number): number {
  return Math.floor((dayOfYear(time) + 7 - dayOfWeek) / 7);
}

/** The week of ISO 8601, which belongs to the year that has its Thursday. */
function isoWeek(time: Date): { year: number; week: number } {
  const thursday = new Date(time.getFullYear(), time.getMonth(), time.getDate() + 4 - (time.getDay() || 7));
  return { year: thursday.getFullYear(), week: Math.floor(dayOfYear(thursday) / 7) + 1 };
}

/** `+0100`. */
function offset(time: Date): string {
  const minutes = -time.getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${two(hours)}${two(rest)}`;
}

/** The short name of the time zone, as far as it is known in English. */
function zone(time: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(time);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
