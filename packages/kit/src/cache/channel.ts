/** Stops a subscription. */
export type Unsubscribe = () => void

/**
 * Sends messages to every node, the sender included. A message reaches the nodes that are connected at that moment:
 * whoever must not miss one has to look at `isConnected`, and forget what it holds when told by `onReconnect`.
 */
export interface Channel {
  /** Whether messages of other nodes reach this one. */
  readonly isConnected: boolean
  /** `false`: out of reach, the message went to nobody else. */
  publish(topic: string, message: string): Promise<boolean>
  /** Settles once messages arrive, or will arrive upon the next connection. The listener must not throw. */
  subscribe(topic: string, listener: (message: string) => void): Promise<Unsubscribe>
  /** Calls `listener` after a connection was made late or made again, when messages may have been missed. */
  onReconnect(listener: () => void): Unsubscribe
  close(): Promise<void>
}
