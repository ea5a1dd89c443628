// Waiting for several descriptors at once.
import DshDiagnostics
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
/// - Throws: `out-of-memory` where the system goes on refusing to wait.
public func poll(_ entries: inout [PollEntry], milliseconds: Int) throws(Diagnostic) {
  var raw = entries.map { pollfd(fd: $0.number, events: Int16(POLLIN | ($0.waitsForWriting ? POLLOUT : 0)), revents: 0) }
  var ready = unsafe Glibc.poll(&raw, nfds_t(raw.count), Int32(clamping: milliseconds))
  var refusals = 0
  while ready < 0, errno != EINTR {
    if refusals == refusalLimit { throw systemError(errno, doing: "wait for input") }
    refusals += 1
    // Memory for the wait is what it lacks; others give some back.
    usleep(refusalPauseMicroseconds)
    ready = unsafe Glibc.poll(&raw, nfds_t(raw.count), Int32(clamping: milliseconds))
  }
  for index in entries.indices {
    let events = ready > 0 ? Int32(raw[index].revents) : 0
    entries[index].isReadable = events & (POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0
    entries[index].isWritable = events & POLLOUT != 0
  }
}

/// A second of refusals altogether: as long as a machine without memory may take to end somebody.
private let refusalLimit = 100
private let refusalPauseMicroseconds: UInt32 = 10_000

/// The same for whoever can do nothing without: where the system goes on refusing to wait, the process ends with words that say so.
public func pollOrEnd(_ entries: inout [PollEntry], milliseconds: Int) {
  do throws(Diagnostic) { try poll(&entries, milliseconds: milliseconds) } catch {
    try? writeAll(Array((error.rendered(in: nil) + "\n").utf8), to: 2)
    // In order, so that the terminal is as it was.
    exit(error.category.exitCode)
  }
}
