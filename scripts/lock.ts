/**
 * Completes `package-lock.json` for the platforms that it was not made on. Native packages come as one optional
 * package per platform; where a registry does not serve one of them, npm leaves it out of the lock file, and
 * `npm ci` then refuses on every machine. This adds what is missing, read from the package's own name.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  version: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

/** Words in the names of platform packages, and what a lock file calls the same thing. */
const systems = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
  windows: 'win32',
};
const processors = {
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  loong64: 'loong64',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
};
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> };
const present = new Set(
  Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf('node_modules/'))),
);

for (const { dev, optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`;
    if (present.has(path)) continue;
    if (!/^\d+\.\d+\.\d+$/.test(version))
      throw new Error(`${name} is asked for as ${version}, not one version`);
    lock.packages[path] = { version, ...(dev && { dev }), optional: true, ...platform(name) };
    present.add(path);
    console.log(`added ${name} ${version}`);
  }
}

lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);

/** `@rolldown/binding-linux-arm64-musl` says which system, processor and C library it is for. */
function platform(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> {
  const named = (words: Record<string, string>) => name.split(/[/-]/).flatMap((word) => words[word] ?? []);
  const [os, cpu, libc] = [named(systems), named(processors), named(libraries)];
  return { ...(os.length > 0 && { os }), ...(cpu.length > 0 && { cpu }), ...(libc.length > 0 && { libc }) };
}
