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
  var raw = entries.map { pollfd(fd: $0.number, events: Int16(POLLIN | ($0.waitsForWriting ? POLLOUT : 0)), revents: 0) }
  let ready = unsafe Glibc.poll(&raw, nfds_t(raw.count), Int32(clamping: milliseconds))
  for index in entries.indices {
    let events = ready > 0 ? Int32(raw[index].revents) : 0
    entries[index].isReadable = events & (POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0
    entries[index].isWritable = events & POLLOUT != 0
  }
}
