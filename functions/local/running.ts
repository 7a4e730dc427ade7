// Whether a local Millrace listens somewhere.

/** Milliseconds that a busy system may take to tell the time. */
const usualPatience = 5000;

/** True where a local Millrace tells the time, as no other program does; whatever else listens there may never answer. */
export async function isRunning(url: string, patience = usualPatience): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/x/local/clock`, { signal: AbortSignal.timeout(patience) });
    return answer.ok && typeof ((await answer.json()) as { now?: unknown }).now === 'string';
  } catch {
    return false;
  }
}
