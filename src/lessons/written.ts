/**
 * The path joined with what is there: which lessons have a page, and what it says of itself. It asks the content
 * collection and the dictionary, and refuses a lesson that gives itself another title than the path does.
 */
import { getCollection } from 'astro:content';
import { pageAddress } from '../address.ts';
import { dictionary } from '../i18n/index.ts';
import { path, type Step } from './path.ts';

/** A step of the path in the words of a language; `href` is missing while the lesson has no page. */
export interface Lesson extends Step {
  readonly title: string;
  readonly question: string;
  readonly partName: string;
  readonly href?: string;
}

/**
 * All lessons of the path, written or not.
 * In: the language of the page. Throws where a page and the path disagree about a title.
 */
export async function lessons(lang: string | undefined): Promise<Lesson[]> {
  const words = dictionary(lang).lessons;
  const pages = new Map((await getCollection('docs')).map((page) => [page.id, page.data.title]));
  return path.map((step) => {
    const { title, question } = words[step.slug];
    const id = `lessons/${step.slug}`;
    const own = pages.get(id);
    if (own !== undefined && own !== title)
      throw new Error(`${id} is titled “${own}”, the path says “${title}”`);
    const lesson = { ...step, title, question, partName: words.parts[step.part] };
    return own === undefined ? lesson : { ...lesson, href: pageAddress(`${id}/`) };
  });
}

/** The lessons in the groups of the path, each with its name. */
export function grouped(all: readonly Lesson[]): { name: string; lessons: Lesson[] }[] {
  const groups = new Map<string, Lesson[]>();
  for (const lesson of all) groups.set(lesson.partName, [...(groups.get(lesson.partName) ?? []), lesson]);
  return [...groups].map(([name, group]) => ({ name, lessons: group }));
}
