import { defineCollection } from 'astro:content';
import { docsLoader, i18nLoader } from '@astrojs/starlight/loaders';
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema';
import { z } from 'astro/zod';

/** What a lesson says of itself, beyond Starlight's own fields. */
const lesson = z.object({
  question: z.string().optional(),
  minutes: z.number().int().positive().optional(),
  versions: z.array(z.enum(['3.1.1', '5.0'])).default(['3.1.1', '5.0']),
});

export const collections = {
  docs: defineCollection({ loader: docsLoader(), schema: docsSchema({ extend: lesson }) }),
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
};
