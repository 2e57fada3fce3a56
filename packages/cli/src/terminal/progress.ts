import type { ProgressEvent } from '@counterweight/core';
import cliProgress from 'cli-progress';
import { safeText } from '../report/safe-text.ts';
import { fitText, padText, terminalStyle, wantsColour } from './ansi.ts';

/** What the bar needs of standard error. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressOptions {
  /** Standard error unless given. */
  readonly stream?: ProgressStream;
  /** Shows nothing at all. */
  readonly quiet?: boolean;
  /** For NO_COLOR and its like; the environment of the process unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds, for the time left; a clock of the process unless given. */
  readonly now?: () => number;
}

export interface Progress {
  /** To be handed to long work as `onProgress`; a new `task` begins a new stage. */
  readonly onProgress: (event: ProgressEvent) => void;
  /** Takes the bar away and gives the cursor back. Call it in `finally`; safe to call more than once. */
  readonly stop: () => void;
}

const NONE: Progress = Object.freeze({ onProgress: () => {}, stop: () => {} });

/**
 * Shows what is being done, how far it is and the time left, on standard error: one line that is drawn over in a terminal, one line a
 * stage elsewhere (a log file should not fill with bars), nothing when quiet. It installs no signal handlers; whoever catches Ctrl-C calls `stop`.
 */
export function createProgress(options: ProgressOptions = {}): Progress {
  if (options.quiet) return NONE;
  const stream = options.stream ?? process.stderr;
  return stream.isTTY ? terminalProgress(stream, options) : logProgress(stream);
}

function logProgress(stream: ProgressStream): Progress {
  let task = '';
  return Object.freeze({
    onProgress: (event: ProgressEvent) => {
      if (event.task === task) return;
      task = event.task;
      stream.write(`${safeText(task)}\n`);
    },
    stop: () => {},
  });
}

function terminalProgress(stream: ProgressStream, options: ProgressOptions): Progress {
  const style = terminalStyle(wantsColour(stream, options.environment ?? process.env));
  const now = options.now ?? (() => performance.now());
  let task = '';
  let began = 0;
  let bar: cliProgress.SingleBar | null = null;

  const format: cliProgress.GenericFormatter = (_options, params) => {
    const columns = Math.max(30, (stream.columns ?? 80) - 1);
    const share = params.total > 0 ? Math.min(1, params.value / params.total) : 0;
    const percent = `${Math.floor(share * 100)}%`.padStart(4);
    const left = timeLeft(share, now() - began);
    const nameWidth = Math.min(34, columns - 26);
    const barWidth = Math.max(4, Math.min(28, columns - nameWidth - 26));
    const filled = Math.round(share * barWidth);
    const drawn = style.good('█'.repeat(filled)) + style.dim('░'.repeat(barWidth - filled));
    return `${padText(fitText(task, nameWidth), nameWidth)} ${drawn} ${percent}  ${left}`;
  };

  const stop = () => {
    process.removeListener('exit', stop);
    bar?.stop();
    bar = null;
    task = '';
  };
  const begin = (event: ProgressEvent) => {
    // An exit that nobody caught must not leave the terminal without its cursor.
    process.once('exit', stop);
    const started = new cliProgress.SingleBar({
      stream,
      format,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
      fps: 8,
      linewrap: null,
      emptyOnZero: true,
    });
    started.start(Math.max(1, event.total), event.done);
    return started;
  };
  const onProgress = (event: ProgressEvent) => {
    if (event.task !== task) {
      task = event.task;
      began = now();
    }
    bar ??= begin(event);
    bar.setTotal(Math.max(1, event.total));
    bar.update(event.done);
  };
  return Object.freeze({ onProgress, stop });
}

/** The time left if the rest goes on as the stage has so far; nothing until that can be said. */
export function timeLeft(share: number, elapsedMilliseconds: number): string {
  if (share <= 0 || share >= 1 || elapsedMilliseconds < 1500) return '';
  const seconds = Math.ceil((elapsedMilliseconds / 1000) * ((1 - share) / share));
  if (seconds < 60) return `${seconds} s left`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s left`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min left`;
}
