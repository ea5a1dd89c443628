// Waiting for several descriptors at once.
import Glibc

/// What a caller waits for on one descriptor, and what came.
public struct PollEntry: Sendable, Equatable {
  public var number: Int32
  public var waitsForWriting: Bool
  public var isReadable = false
  public var isWritable = false

  public init(_ number: Int32, waitsForWriting: Bool = false) {
    self.number = number
    self.waitsForWriting = waitsForWriting
  }
}

/// Waits until one of the descriptors is ready or the time is over; hung-up and broken descriptors count as readable.
///
/// - Parameter milliseconds: negative means no limit. A signal ends the wait early with nothing ready.
public func poll(_ entries: inout [PollEntry], milliseconds: Int) {
  withUnsafeTemporaryAllocation(of: pollfd.self, capacity: entries.count) { raw in
    for (index, entry) in entries.enumerated() {
      raw.initializeElement(
        at: index, to: pollfd(fd: entry.number, events: Int16(POLLIN | (entry.waitsForWriting ? POLLOUT : 0)), revents: 0))
    }
    let ready = Glibc.poll(raw.baseAddress, nfds_t(entries.count), Int32(clamping: milliseconds))
    for index in entries.indices {
      let events = ready > 0 ? Int32(raw[index].revents) : 0
      entries[index].isReadable = events & (POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0
      entries[index].isWritable = events & POLLOUT != 0
    }
  }
}
