/** What a call needs besides what it sends. */
export interface Options {
  /** A key of the API: in a browser a publishable one, on a page of its origins. */
  key?: string;
  /** Milliseconds that a call may take; 60,000 if left out. */
  timeout?: number;
  /** How often a call is sent again, at most, that may be; 3 if left out. */
  retries?: number;
}

/** The service says what is wrong; or it cannot be reached, and `problem` is null. */
export class SmedxError extends Error {
  readonly problem: ProblemDetails | null;
  /** Seconds after which to try again, or null if it does not say. */
  readonly retryAfter: number | null;
}

/** Return a new id: an event that is sent twice under it counts once. */
export function newId(): string;

/** Calls the API. */
export class Smedx {
  /** `url` is where the service is, such as `https://recommender.example.vn`. */
  constructor(url: string, options?: Options);

  // methods
}
