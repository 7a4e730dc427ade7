// Figures and what makes them of samples.

/** Each with its unit in its name. */
export type Figures = Readonly<Record<string, number>>;
export type Rows = Readonly<Record<string, Figures>>;

export const rounded = (value: number) => Math.round(value * 1000) / 1000;

/** The value below which `share` of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
}

export const median = (samples: readonly number[]) => percentile(samples, 0.5);

/** Of each figure the median over several measurements of the same. */
export function medians(measurements: readonly Figures[]): Figures {
  const names = Object.keys(measurements[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(measurements.map((one) => one[name] ?? 0))]));
}
