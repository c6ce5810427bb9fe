// Written by `make clients` from the OpenAPI document: change nothing here.

/** A business as its owner describes it. Money is in billions of VND a year. */
export interface BusinessProfile {
  /** Household business, co-operative or enterprise. */
  legal_form: "cooperative" | "enterprise" | "household";
  /** The economic classification of `sector`. */
  classification?: string;
  /**
   * Section of the classification, or a division of it such as I56: codes of `GET
   * /v1/questionnaire`.
   */
  sector: string;
  /** Yearly average of staff. */
  employees: number;
  /** Revenue of a year, billion VND. */
  revenue_bn_vnd?: number | null;
  /** Total capital, billion VND. */
  capital_bn_vnd?: number | null;
  /**
   * Province code, of before or after the merger of 2025-07-01; those of today are in `GET
   * /v1/questionnaire`.
   */
  province: string;
  /** Whether it sells to people, not only to firms. */
  sells_to_consumers: boolean;
  /** How each business function is done today; leave out what is unknown. */
  functions?: Partial<Record<"finance" | "sales" | "customers" | "people" | "operations" | "supply-chain" | "documents" | "infrastructure", "linked_tool" | "not_applicable" | "not_done" | "paper" | "separate_tool" | "spreadsheet">>;
  /** How far its plans to become digital are. */
  strategy?: "ideas" | "none" | "plan" | "plan_with_budget" | null;
  /** What it does with the figures of its business. */
  data_use?: "drives_decisions" | "not_recorded" | "recorded" | "reviewed" | null;
  /** How it protects its accounts and data. */
  security?: "backups" | "managed" | "none" | "passwords" | null;
  /** Codes of `GET /v1/questionnaire`. */
  needs?: string[];
  /** Affordable a month, VND. */
  budget?: "1m_5m" | "200k_1m" | "nothing" | "over_5m" | "under_200k" | null;
  /** Ids of `GET /v1/platforms` that it uses already. */
  platforms_in_use?: string[];
}

/** What the asker wants to see; empty `categories` or `include` mean everything. */
export interface Filters {
  /** Only these categories. */
  categories?: string[];
  /** Only these platforms. */
  include?: string[];
  /** None of these platforms. */
  exclude?: string[];
  /** Leave out what the business uses already. */
  exclude_in_use?: boolean;
}

/** A legal duty that the platform helps to meet. */
export interface DutyMet {
  /** Code of the duty. */
  obligation_id: string;
  /** What it asks for. */
  text: string;
  /** The day from which it binds. */
  in_force_from: string;
  /** How pressing it is. */
  urgency: "high" | "medium" | (string & {});
  /** Whether it binds this business, as far as it told; otherwise it may. */
  certain: boolean;
  /** Whether its source was read, and not only reports of it. */
  verified: boolean;
}

/** The maturity picture; without figures where nothing was told to measure it by. */
export interface MaturityView {
  /** From 0 to 100. */
  score: number | null;
  /** From 0 to 5. */
  level: number | null;
  /** What the level is called. */
  level_name: string | null;
  /** Score of each function, 0 to 100; null where nothing was told or it does not apply. */
  functions: Record<string, number | null>;
  /** Likewise, of what concerns all functions. */
  practices: Record<string, number | null>;
  /** Whose bands these are. */
  note: string;
}

/** Which model ranked, and how much of what it learned from was simulated. */
export interface ModelView {
  /** Its name in the registry; `none` where lists go by popularity. */
  version: string;
  /** Kind of the model. */
  ranker: string;
  /** Share of what it learned from that was simulated, 0 to 1. */
  simulated_share: number;
  /** The same in a sentence, where there is something to say. */
  note: string | null;
}

/** The size class, by which rule, and what had to be assumed. */
export interface SizeView {
  /** Code of the class. */
  code: "household" | "large" | "medium" | "micro" | "small" | (string & {});
  /** Its name. */
  name: string;
  /** The rule that it goes by; null for household businesses. */
  scheme: string | null;
  /** What was not told, and assumed to be within the bound of the class. */
  assumed: ("capital" | "revenue" | (string & {}))[];
  /** What was assumed, in a sentence. */
  note: string | null;
}

/** The most that a scheme could pay; the authority decides. */
export interface SupportOffer {
  /** Code of the scheme. */
  scheme_id: string;
  /** Its name. */
  scheme: string;
  /** Code of what is paid for. */
  kind: string;
  /** Whether it is law, a draft, or known from reports alone. */
  status: "draft" | "in_force" | "reported" | (string & {});
  /** First day; null where there is none yet. */
  in_force_from: string | null;
  /** Share of the price that is paid at most, percent. */
  rate_pct: number | null;
  /** What is paid at most, millions of VND a year. */
  cap_million_vnd_per_year: number | null;
  /** For how long at least, months. */
  months_min: number | null;
  /** For how long at most, months. */
  months_max: number | null;
  /** Conditions, and where they stand. */
  note: string;
}

/** Why a platform stands where it stands: one feature and what it added to the score. */
export interface Reason {
  /**
   * A field of the profile, `history` (what is in use), a boost of `data/policy.toml`, or, where
   * there is nothing else to tell, `popular` or `listed`.
   */
  feature: string;
  /** What it added to the score. */
  contribution: number;
  /** The same as a sentence for the owner. */
  text: string;
}

/** What a platform costs a month in VND, as a source told; an upper end may be unknown. */
export interface Price {
  /** The least. */
  min_vnd_month: number;
  /** The most; null where unknown. */
  max_vnd_month: number | null;
  /** Who told. */
  source: string;
  /** When. */
  dated: string;
}

/**
 * One of the eight functions of a business, beside its peers.
 *
 * There is no `score` where nothing was told or it does not apply, no `peers` where too few are
 * known.
 */
export interface FunctionPicture {
  /** Code of the function. */
  code: "customers" | "documents" | "finance" | "infrastructure" | "operations" | "people" | "sales" | "supply-chain" | (string & {});
  /** What it is called. */
  name: string;
  /** How the work is done now. */
  state: "linked_tool" | "not_applicable" | "not_done" | "paper" | "separate_tool" | "spreadsheet" | (string & {}) | null;
  /** The same in words. */
  state_name: string | null;
  /** From 0 to 100; null where nothing was told or it does not apply. */
  score: number | null;
  /** Mean score of the peers; null where too few are known. */
  peers: number | null;
}

/** Whom a business is compared with; `simulated` ones are never mixed with real ones. */
export interface PeerGroup {
  /** Whether these are simulated businesses; they are never mixed with real ones. */
  simulated: boolean;
  /** How many. */
  businesses: number;
  /** Code of their line of business. */
  sector: string;
  /** What it is called. */
  sector_name: string;
  /** Code of their size. */
  size: "household" | "large" | "medium" | "micro" | "small" | (string & {});
  /** What it is called. */
  size_name: string;
  /** Whom one is compared with, in a sentence. */
  note: string;
}

/**
 * What a step needs before it: an earlier step, or what the business has already.
 *
 * `position` is that of the earlier step; there is none where the business has it.
 */
export interface Before {
  /** The kind of platform. */
  category: string;
  /** Its name. */
  category_name: string;
  /** That of the earlier step; null where the business has it. */
  position: number | null;
  /** The same in words. */
  text: string;
}

/** A platform that the business uses, and what it has to do with a suggested one. */
export interface InUse {
  /** Code of the platform. */
  id: string;
  /** What it is called. */
  name: string;
  /** What it has to do with the suggested one. */
  text: string;
}

/** What is wrong with one field of a request. */
export interface FieldError {
  /** Where it is, as `profile.needs[0]`. */
  field: string;
  /** What is wrong. */
  message: string;
  /** What would be right. */
  expected?: string;
}

/**
 * One thing that a business did with one platform.
 *
 * It names the business by `profile_id`, or the answer that it follows from by
 * `recommendation_id`, or both.
 */
export interface Event {
  /** Chosen by the sender; sent twice, it counts once. */
  id: string;
  /**
   * What the business did; `withdraw` takes back all that it said of the platform before, so
   * that a platform that it had dismissed or adopted may be suggested again.
   */
  kind: "abandon" | "adopt" | "click" | "dismiss" | "rate" | "save" | "trial" | "view" | "withdraw";
  /** With which platform. */
  platform_id: string;
  /** Which business, if it is stored. */
  profile_id?: string | null;
  /** The list that it was shown, if it follows from one. */
  recommendation_id?: string | null;
  /** Only with kind rate. */
  rating?: number | null;
  /** Only with kind dismiss or abandon. */
  reason?: "already_have" | "do_not_trust" | "not_relevant" | "other" | "too_complex" | "too_expensive" | null;
  /** When it happened, with offset; the time of receipt if left out, or if it lies after that. */
  at?: string | null;
}

/** The ids that are now stored, whether they were sent for the first time or again. */
export interface StoredEvents {
  /** Ids as they were sent. */
  stored: string[];
}

/** A business as its owner describes it, and what the owner agrees to. */
export interface NewProfile {
  /** Household business, co-operative or enterprise. */
  legal_form: "cooperative" | "enterprise" | "household";
  /** The economic classification of `sector`. */
  classification?: string;
  /**
   * Section of the classification, or a division of it such as I56: codes of `GET
   * /v1/questionnaire`.
   */
  sector: string;
  /** Yearly average of staff. */
  employees: number;
  /** Revenue of a year, billion VND. */
  revenue_bn_vnd?: number | null;
  /** Total capital, billion VND. */
  capital_bn_vnd?: number | null;
  /**
   * Province code, of before or after the merger of 2025-07-01; those of today are in `GET
   * /v1/questionnaire`.
   */
  province: string;
  /** Whether it sells to people, not only to firms. */
  sells_to_consumers: boolean;
  /** How each business function is done today; leave out what is unknown. */
  functions?: Partial<Record<"finance" | "sales" | "customers" | "people" | "operations" | "supply-chain" | "documents" | "infrastructure", "linked_tool" | "not_applicable" | "not_done" | "paper" | "separate_tool" | "spreadsheet">>;
  /** How far its plans to become digital are. */
  strategy?: "ideas" | "none" | "plan" | "plan_with_budget" | null;
  /** What it does with the figures of its business. */
  data_use?: "drives_decisions" | "not_recorded" | "recorded" | "reviewed" | null;
  /** How it protects its accounts and data. */
  security?: "backups" | "managed" | "none" | "passwords" | null;
  /** Codes of `GET /v1/questionnaire`. */
  needs?: string[];
  /** Affordable a month, VND. */
  budget?: "1m_5m" | "200k_1m" | "nothing" | "over_5m" | "under_200k" | null;
  /** Ids of `GET /v1/platforms` that it uses already. */
  platforms_in_use?: string[];
  /**
   * What the owner agreed to when your website asked. `service`: keep what was told, which is
   * what this operation does; `improve`: learn from it, from what is shown and from what is
   * done. Where it is left out, only `service`: silence is no consent to more.
   */
  consent?: ("improve" | "service")[];
  /** Which text the business was asked with, as you call it. */
  consent_version?: string;
}

/** What the owner of a business agrees to from now on; everything else is taken back. */
export interface ConsentChange {
  /**
   * `service`: keep what was told; `improve`: learn from it. Without `service` the business is
   * erased a day later, unless the operator chose another time.
   */
  consent: ("improve" | "service")[];
  /** Which text the business was asked with, as you call it. */
  consent_version?: string;
  /** `volunteer` if somebody passed on what the owner said. */
  how?: "api" | "volunteer";
}

/** One answer of a business about one purpose, and when it gave it (UTC). */
export interface Consent {
  /** What it was asked for. */
  purpose: "improve" | "service" | (string & {});
  /** Whether it agreed. */
  granted: boolean;
  /** Which text it was asked with. */
  version: string;
  /** When. */
  at: string;
  /** Who passed the answer on. */
  how: "api" | "page" | "volunteer" | (string & {});
}

/** The questionnaire as it was typed, by question. */
export interface HeldDraft {
  /** Language of the questionnaire. */
  locale: string;
  /** As it is stored, whichever version of the service stored it. */
  answers: Record<string, unknown> | unknown[];
  /** When it was last typed into. */
  updated_at: string;
}

/** What the business did; fields as in `POST /v1/events`, and when it was received. */
export interface HeldEvent {
  /** As it was sent. */
  id: string;
  /** What the business did. */
  kind: string;
  /** With which platform. */
  platform_id: string;
  /** The list that it follows from. */
  recommendation_id: string | null;
  /** From 1 to 5. */
  rating: number | null;
  /** Why not. */
  reason: string | null;
  /** When it happened. */
  at: string;
  /** When it was received. */
  received_at: string;
}

/** A list that was shown, and the business as it was seen then; see `docs/privacy.md`. */
export interface HeldExposure {
  /** That of the recommendation. */
  id: string;
  /** When it was shown. */
  at: string;
  /** As it is stored, whichever version of the service stored it. */
  features: Record<string, unknown> | unknown[];
  /** Which model ranked. */
  model_version: string;
  /** Which rules made the list from its scores. */
  policy_version: string;
  /** Which side of an experiment, if there was one. */
  arm: string | null;
  /** What the draw started from. */
  seed: string;
  /** Language of the list. */
  locale: string;
  /** Platforms that came into question. */
  eligible: number;
  /** As it is stored, whichever version of the service stored it. */
  excluded: Record<string, unknown> | unknown[];
  /** As it is stored, whichever version of the service stored it. */
  filters: Record<string, unknown> | unknown[];
  /** As it is stored, whichever version of the service stored it. */
  items: Record<string, unknown> | unknown[];
  /** The draw of a slot to explore, if there was one. */
  explored: Record<string, unknown> | unknown[] | null;
}

/** What the business told of itself; fields as in `POST /v1/profiles`. */
export interface HeldProfile {
  /** As it is stored, whichever version of the service stored it. */
  profile: Record<string, unknown> | unknown[];
  /** When it was first stored. */
  created_at: string;
  /** When it was last stored. */
  updated_at: string;
}

/** One possible answer; `code` is what the profile holds. */
export interface OptionView {
  /** What the profile holds. */
  code: string;
  /** What the owner reads. */
  text: string;
}

/** The state of the service; `problems` says what is amiss. */
export interface Health {
  /** `live`, `ready` or `not ready`. */
  status: string;
  /** Which model is in service. */
  model: string;
  /** What is amiss, in English. */
  problems?: string[];
}

/** Give either a profile or the id of a stored one. */
export interface Business {
  /** A business as its owner describes it. */
  profile?: BusinessProfile | null;
  /** Id of a stored business. */
  profile_id?: string | null;
  /**
   * With `profile`: what the business agreed to when your website asked. `improve`: learn from
   * this list and from what comes of it. Otherwise the list is kept without anything that tells
   * whose it was. Where it is left out, nothing is agreed to, unless the operator has set that
   * your website asks everybody before it calls. What a stored business agrees to stands with
   * its profile.
   */
  consent?: "improve"[] | null;
}

/** A business, and when (UTC) it was first and last stored. */
export interface StoredProfile {
  /** What it is known by. */
  id: string;
  /** The business. */
  profile: BusinessProfile;
  /** When it was first stored. */
  created_at: string;
  /** When it was last stored. */
  updated_at: string;
}

/** A business, by a profile or by the id of a stored one, and what is wanted for it. */
export interface RecommendationRequest {
  /** A business as its owner describes it. */
  profile?: BusinessProfile | null;
  /** Id of a stored business. */
  profile_id?: string | null;
  /**
   * With `profile`: what the business agreed to when your website asked. `improve`: learn from
   * this list and from what comes of it. Otherwise the list is kept without anything that tells
   * whose it was. Where it is left out, nothing is agreed to, unless the operator has set that
   * your website asks everybody before it calls. What a stored business agrees to stands with
   * its profile.
   */
  consent?: "improve"[] | null;
  /** Length of the list at most. */
  n?: number;
  /** What is wanted. */
  filters?: Filters;
  /** Language of the texts. */
  locale?: "en" | "vi";
}

/** A platform in the reader's language; no price where none is known. */
export interface PlatformView {
  /** Code, as events name it. */
  id: string;
  /** What it is called. */
  name: string;
  /** Who runs it. */
  provider: string;
  /** Code of its kind. */
  category: string;
  /** Name of its kind. */
  category_name: string;
  /** Which of the eight functions of a business it serves. */
  function: "customers" | "documents" | "finance" | "infrastructure" | "operations" | "people" | "sales" | "supply-chain" | (string & {});
  /** What it does, in a sentence. */
  summary: string;
  /** Its address. */
  website: string | null;
  /** Lines of business that it is for; empty means all. */
  sectors: string[];
  /** Sizes that it is for; empty means all. */
  sizes: ("household" | "large" | "medium" | "micro" | "small" | (string & {}))[];
  /**
   * `sourced`: a public page describes it; `name-sourced`: one names it; `unsourced`: general
   * knowledge.
   */
  provenance: "name-sourced" | "sourced" | "unsourced" | (string & {});
  /** Date of the source: YYYY, YYYY-MM or YYYY-MM-DD. */
  source_date: string | null;
  /** What it costs, where a source told. */
  price: Price | null;
}

/** One step of the road map: a kind of platform, and one that fits. */
export interface Step {
  /** From 1, through all phases. */
  position: number;
  /** The kind of platform. */
  category: string;
  /** Its name. */
  category_name: string;
  /** What to do, in a phrase. */
  task: string;
  /** One that fits; not always in the list. */
  platform_id: string;
  /** Its name. */
  platform_name: string;
  /** Why this step, in a sentence. */
  reason: string;
  /** What it needs before it. */
  before: Before[];
  /** Legal duties of the business that such a platform helps to meet, none met yet. */
  duties: DutyMet[];
  /** The first day on which such a duty binds for certain, by what the business told. */
  deadline: string | null;
  /** Whether that day has passed. */
  overdue: boolean;
  /**
   * Whether the source of that duty was read. Where it is false, say beside the deadline that it
   * was not checked against the legal text.
   */
  deadline_verified: boolean;
}

/** What a suggested platform means beside what the business has. */
export interface Fit {
  /** How the business does this work now, if it told. */
  today: "linked_tool" | "not_applicable" | "not_done" | "paper" | "separate_tool" | "spreadsheet" | (string & {}) | null;
  /** The same in words. */
  today_name: string | null;
  /** Whether something does this work already, so that no change is needed. */
  covered: boolean;
  /** What does it: platforms of the same kind, or that do this work, too. */
  covered_by: InUse[];
  /** What the suggested one could take the place of. */
  replaces: InUse[];
  /** What it is of more use with; whether it can be linked, its provider must say. */
  connects: InUse[];
  /** The same in sentences, the most important first. */
  notes: string[];
}

/** The body of every error. */
export interface ProblemDetails {
  /** The HTTP status. */
  status: number;
  /** What is wrong. */
  title: string;
  /** More of it, where there is more to say. */
  detail?: string;
  /** What is wrong with each field. */
  errors?: FieldError[];
  /** As the header `X-Request-Id` and the logs tell it. */
  request_id?: string;
}

/** One event or many; all of them are stored or none. */
export interface EventBatch {
  /** What happened. */
  events: Event[];
}

/** What a business agrees to now, and all that it answered, oldest first. */
export interface ConsentView {
  /** What is in force. */
  consent: ("improve" | "service" | (string & {}))[];
  /** Each answer. */
  history: Consent[];
}

/**
 * Everything that is held on a business: all tables that name it, in the order of time.
 *
 * `profile` is null while the questionnaire is not finished, `draft` where the business came
 * through the API.
 */
export interface Held {
  /** Grows when a field changes its meaning or goes. */
  format?: number;
  /** Id of the business. */
  id: string;
  /** What it told; null while the questionnaire is not finished. */
  profile: HeldProfile | null;
  /** The questionnaire as it was typed; null where the business came through the API. */
  draft: HeldDraft | null;
  /** What it agreed to, and refused. */
  consents: Consent[];
  /** The lists that it was shown. */
  exposures: HeldExposure[];
  /** What it did. */
  events: HeldEvent[];
}

/** One question; its answer goes into the field `field` of the profile. */
export interface QuestionView {
  /** Code of the question. */
  id: string;
  /** Field of the profile that the answer goes into. */
  field: string;
  /** How it is answered. */
  kind: "choice" | "choices" | "function" | "money" | "number" | "platforms" | "province" | "sector" | "yes_no" | (string & {});
  /** Whether it must be answered. */
  required: boolean;
  /** The question. */
  text: string;
  /** What helps to answer it; may be empty. */
  help: string;
  /** Who is asked; empty means everyone. */
  legal_forms: ("cooperative" | "enterprise" | "household" | (string & {}))[];
  /** Which function of `functions` it is about, if any. */
  function: "customers" | "documents" | "finance" | "infrastructure" | "operations" | "people" | "sales" | "supply-chain" | (string & {}) | null;
  /** Possible answers; empty where something is typed. */
  options: OptionView[];
}

/** Businesses, and what is wanted for each alike. */
export interface BatchRequest {
  /** Each a profile or the id of a stored one. */
  businesses: Business[];
  /** Length of the list at most. */
  n?: number;
  /** What is wanted. */
  filters?: Filters;
  /** Language of the texts. */
  locale?: "en" | "vi";
}

/**
 * One line of the list.
 *
 * `score` is `base` (that of the average business), plus the contributions of the `reasons`,
 * plus `other` (all that is not told as a reason). The list goes by score, but a platform counts
 * less for each one of its category that stands above it or is in use already, and where a tool
 * does its work today or the work does not apply (`data/policy.toml`). Of the best ten, what the
 * business has something for already stands last: no change is needed. What stands in a slot to
 * explore was drawn by chance, to learn whether it suits such businesses.
 */
export interface RankedPlatform {
  /** From 1. */
  rank: number;
  /** What is suggested. */
  platform: PlatformView;
  /** Share of such businesses that choose it; `probability_means` says it in words. */
  probability: number | null;
  /** What the list goes by. */
  score: number;
  /** Score for the average business. */
  base: number;
  /** What lifts it for this business, the most important first. */
  reasons: Reason[];
  /** What is not told as a reason. */
  other: number;
  /** `explore`: drawn by chance, and marked as such. */
  slot: "explore" | "ranked" | (string & {});
  /** How likely this platform was to be just here. */
  propensity: number;
  /** How likely it was to be in the list at all. */
  inclusion: number;
  /** Schemes that could pay for such a platform. */
  support: SupportOffer[];
  /** Duties that it helps to meet. */
  duties: DutyMet[];
}

/** The catalogue, and what to know about it. */
export interface PlatformList {
  /** What is in it. */
  platforms: PlatformView[];
  /** Where it comes from. */
  note: string;
}

/** A platform that is like another one. */
export interface SimilarPlatform {
  /** Which one. */
  platform: PlatformView;
  /** Whether it is of the same kind. */
  same_category: boolean;
  /** How much both suit the same businesses; none if it is not known. */
  likeness: number | null;
  /** What they have in common, in sentences. */
  reasons: string[];
}

/** A few steps, each after what it needs; a phase may be empty. */
export interface RoadMap {
  /** The day in Vietnam. */
  made_on: string;
  /** What to do first. */
  now: Step[];
  /** What comes next. */
  in_3_months: Step[];
  /** What can wait. */
  in_a_year: Step[];
  /** What the order rests on. */
  note: string;
}

/** One page of questions. */
export interface StepView {
  /** Code of the page. */
  id: string;
  /** Its heading. */
  title: string;
  /** What stands above the questions; may be empty. */
  intro: string;
  /** Whether it is offered with the answers to be checked, not asked on the way. */
  on_request: boolean;
  /** What is asked. */
  questions: QuestionView[];
}

/** The answer to one business. */
export interface Recommendation {
  /** What events on this list name. */
  recommendation_id: string;
  /** Language of the texts. */
  locale: "en" | "vi" | (string & {});
  /** What ranked. */
  model: ModelView;
  /** How large the business is by law. */
  size_class: SizeView;
  /** How digital it is. */
  maturity: MaturityView;
  /** The list, best first. */
  items: RankedPlatform[];
  /** All schemes that could pay for something. */
  support: SupportOffer[];
  /** All legal duties of the business that platforms help to meet. */
  duties: DutyMet[];
  /** Platforms that came into question. */
  eligible: number;
  /** How many did not, by the first rule that left them out. */
  excluded: Record<string, number>;
  /** What the probabilities are, in a sentence. */
  probability_means: string;
}

/**
 * Platforms that are like one: those of its category, then others; the most alike first.
 *
 * `likeness` is the cosine, from -1 to 1, between what each answer of a business adds to the
 * scores of the two by the model `model_version`, in comparison with what it adds to others.
 */
export interface SimilarPlatforms {
  /** The one that was asked for. */
  platform_id: string;
  /** Language of the texts. */
  locale: "en" | "vi" | (string & {});
  /** Which model tells how alike they are. */
  model_version: string;
  /** The others. */
  items: SimilarPlatform[];
}

/** All questions, in the order in which they are asked. */
export interface QuestionnaireView {
  /** What it is called. */
  title: string;
  /** Its pages. */
  steps: StepView[];
}

/** A recommendation and what to do with it. */
export interface Plan {
  /** The ranked list, the maturity, the support and the duties. */
  recommendation: Recommendation;
  /** The eight functions, in the order of the questionnaire. */
  functions: FunctionPicture[];
  /** With whom they are compared, if enough are known. */
  peers: PeerGroup | null;
  /** What to do now, in 3 months and in a year. */
  road_map: RoadMap;
  /** For each platform of the list, by id, what it means beside what is there. */
  fits: Record<string, Fit>;
}

/** What one business is answered: its recommendation, or what is wrong with it. */
export interface BatchAnswer {
  /** The list. */
  recommendation?: Recommendation | null;
  /** Why there is none. */
  problem?: ProblemDetails | null;
}

/** The answer to each business, in the order in which they were sent. */
export interface BatchAnswers {
  /** One each. */
  answers: BatchAnswer[];
}

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

  /**
   * Make a plan for a business.
   *
   * Recommend as `POST /v1/recommendations` does, and say what to do now and later.
   *
   * Beside the list: the eight functions compared with others of the same line and size, a road
   * map in which each step comes after what it needs, and what each platform means beside those
   * in use. Filters hold for the road map, too.
   */
  makePlan(body: RecommendationRequest): Promise<Plan>;

  /**
   * Recommend platforms to a business.
   *
   * Rank the platforms that fit a business, with reasons, support and legal duties.
   */
  recommend(body: RecommendationRequest): Promise<Recommendation>;

  /**
   * Recommend platforms to many businesses.
   *
   * Rank the platforms for up to 1,000 businesses, as if each had asked alone.
   *
   * What is wrong with one business is its own answer. The answers are sent as they are made.
   */
  recommendBatch(body: BatchRequest): Promise<BatchAnswers>;

  /**
   * Erase a list that was served to a business that is not stored.
   *
   * Take back what a business agreed to that is not stored: its list goes, and what came of it.
   *
   * The lists of a stored business go with it: `DELETE /v1/profiles/{profile_id}`.
   */
  deleteList(recommendationId: string): Promise<null>;

  /**
   * Record what a business did.
   *
   * Store events; answered once they are committed. An event that is sent twice counts once.
   */
  recordEvents(body: EventBatch): Promise<StoredEvents>;

  /**
   * Store a business.
   *
   * Store a profile under a new id that cannot be guessed.
   *
   * The website asks the owner first. Without the consent `service` nothing may be stored: send
   * the profile to `POST /v1/recommendations` instead.
   */
  createProfile(body: NewProfile): Promise<StoredProfile>;

  /**
   * Read a business.
   *
   * Return a stored profile.
   */
  getProfile(profileId: string): Promise<StoredProfile>;

  /**
   * Replace a business.
   *
   * Put a profile in the place of the stored one.
   */
  replaceProfile(profileId: string, body: BusinessProfile): Promise<StoredProfile>;

  /**
   * Erase a business.
   *
   * Erase a business at once: its profile, consents, what it was shown and what it did.
   */
  deleteProfile(profileId: string): Promise<null>;

  /**
   * Export everything held on a business.
   *
   * Return all that is held on a business, and nothing of others, as one document to hand out.
   */
  exportProfile(profileId: string): Promise<Held>;

  /**
   * Read what a business agreed to.
   *
   * Return what is in force, and the history of it.
   *
   * The history is empty for a business that was stored before consent was asked for. It is
   * kept, but not learned from.
   */
  getConsent(profileId: string): Promise<ConsentView>;

  /**
   * Record what a business agrees to.
   *
   * Record an answer; it holds from the next training on, also for what was recorded before.
   */
  setConsent(profileId: string, body: ConsentChange): Promise<ConsentView>;

  /**
   * List the platforms.
   *
   * Return the catalogue, or one category of it.
   */
  listPlatforms(query?: { locale?: "vi" | "en"; category?: string | null; }): Promise<PlatformList>;

  /**
   * Read a platform.
   *
   * Return one platform of the catalogue.
   */
  getPlatform(platformId: string, query?: { locale?: "vi" | "en"; }): Promise<PlatformView>;

  /**
   * List platforms that are like one.
   *
   * Return platforms that suit the same businesses, those of the same category first.
   */
  similarPlatforms(platformId: string, query?: { n?: number; locale?: "vi" | "en"; }): Promise<SimilarPlatforms>;

  /**
   * Read the questionnaire.
   *
   * Return the questions with every possible answer.
   */
  getQuestionnaire(query?: { locale?: "vi" | "en"; }): Promise<QuestionnaireView>;

  /**
   * Is the process alive?
   *
   * Answer as long as the process can.
   */
  live(): Promise<Health>;

  /**
   * Is everything there to answer well?
   *
   * Answer 200 when a model is in service and the database stores, else 503 with reasons.
   *
   * Told, too, but no reason not to be ready, as what was in service before goes on: data tables
   * that are not taken over, and an experiment that is not under way.
   */
  ready(): Promise<Health>;
}
