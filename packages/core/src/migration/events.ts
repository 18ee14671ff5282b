import diagnosticsChannel from 'node:diagnostics_channel'
import { EventEmitter } from 'node:events'
import type { ObjectResult } from '../object-result.ts'

/** The object that an event is about. */
export interface EventObject {
  readonly taskId: string
  readonly source: { readonly bucket: string; readonly key: string }
  readonly destination: { readonly bucket: string; readonly key: string }
}

/** Payloads by event name: one readonly object each. Task events come with whole-bucket runs. */
export interface SealiftEventMap {
  'object:started': [event: EventObject]
  'object:progress': [event: EventObject & { readonly bytesRead: number; readonly bytesWritten: number; readonly sizeBytes: number }]
  'part:completed': [event: EventObject & { readonly partNumber: number; readonly sizeBytes: number }]
  'object:verified': [event: EventObject & { readonly result: ObjectResult }]
  'object:mismatch': [event: EventObject & { readonly result: ObjectResult }]
  'object:unverified': [event: EventObject & { readonly result: ObjectResult }]
  'object:failed': [event: EventObject & { readonly result: ObjectResult }]
  'object:skipped': [event: EventObject & { readonly result: ObjectResult }]
  /** for finding out why a copy is slow: how the data of one side goes; `reason` says why not directly */
  'object:transport': [event: EventObject & { readonly side: 'source' | 'destination'; readonly transport: 'direct' | 'sdk'; readonly reason: string | null }]
  /** with `serverSideCopy: true` only: whether the server makes the copy, or the bytes come through us, and why */
  'object:route': [event: EventObject & { readonly route: 'server-side' | 'through-us'; readonly reason: string | null }]
  'object:retry': [event: EventObject & { readonly attempt: number; readonly reason: string; readonly delayMs: number }]
  throttled: [event: EventObject & { readonly delayMs: number; readonly side: 'source' | 'destination' }]
  'store:retry': [event: { readonly taskId: string; readonly reason: string }]
}

export type SealiftEventName = keyof SealiftEventMap

/**
 * Events of one or many calls. Listeners are called synchronously and never awaited; what one throws is caught and goes nowhere.
 * Every event is also published on `node:diagnostics_channel` as `sealift:<name>`.
 */
export class SealiftEvents extends EventEmitter<SealiftEventMap> {}

/** Kept, since a look-up by name costs as much as all the rest for an event that nobody hears. */
const channels = new Map<SealiftEventName, diagnosticsChannel.Channel>()

function channelOf(name: SealiftEventName): diagnosticsChannel.Channel {
  let channel = channels.get(name)
  if (channel === undefined) {
    channel = diagnosticsChannel.channel(`sealift:${name}`)
    channels.set(name, channel)
  }
  return channel
}

/** Whether anybody would hear an event: what is told often is put together only then. */
export function isHeard(events: SealiftEvents | undefined, name: SealiftEventName): boolean {
  return channelOf(name).hasSubscribers || (events !== undefined && events.listenerCount(name) > 0)
}

/** Tells everybody who listens; cannot fail. */
export function publish<Name extends SealiftEventName>(events: SealiftEvents | undefined, name: Name, payload: SealiftEventMap[Name][0]): void {
  const channel = channelOf(name)
  if (channel.hasSubscribers) channel.publish(payload)
  if (events === undefined) return
  for (const listener of events.rawListeners(name)) {
    try {
      Reflect.apply(listener, events, [payload])
    } catch {
      // a listener's trouble is not the copy's
    }
  }
}
