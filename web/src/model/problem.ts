/** What a form or a line says about a failed request: the API's code, and the field it is about. */
export interface Problem {
  readonly code: string;
  readonly field: string | undefined;
}

export function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', field: undefined };
  const { code, field } = error as { code?: unknown; field?: unknown };
  return { code: typeof code === 'string' ? code : 'UNKNOWN', field: typeof field === 'string' ? field : undefined };
}
