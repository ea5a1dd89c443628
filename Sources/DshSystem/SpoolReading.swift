// Reads several files into their spools at once: what is decoded takes a processor for each.
import DshDiagnostics
import Synchronization

/// Reads spools of files to their ends, on as many threads as there are processors.
///
/// - Parameter cancellation: a descriptor that ends the wait when it gets readable.
/// - Throws: `cancelled`, or what the first spool throws that can't be read.
public func readToEnds(_ spools: [StreamSpool], cancellation: Int32?) throws(Diagnostic) {
  guard spools.count > 1 else {
    for spool in spools { try spool.read(upTo: nil, cancellation: cancellation) }
    return
  }
  let work = SpoolWork(spools, finished: try EventDescriptor())
  var threads = 0
  for _ in 0..<min(spools.count, usableProcessors()) {
    do throws(Diagnostic) {
      try startThread { work.run() }
      threads += 1
    } catch {
      // Fewer threads do as well.
      if threads == 0 { throw error }
    }
  }
  var wasCancelled = false
  while work.finished(of: threads) == false {
    var entries = [PollEntry(work.finished.number)] + (cancellation.map { [PollEntry($0)] } ?? [])
    // The threads have the spools until they end.
    pollOrEnd(&entries, milliseconds: -1)
    if entries[0].isReadable { work.finished.take() }
    if let cancellation, entries[1].isReadable {
      _ = EventDescriptor.take(cancellation)
      wasCancelled = true
      work.stop()
    }
  }
  if wasCancelled { throw Diagnostic(.cancelled, "cancelled while reading files") }
  if let failure = work.failure { throw failure }
}

/// The spools that are left, shared by threads.
///
/// `@unchecked Sendable`: each spool is taken by one thread, and the head waits for all of them before it touches one again.
private final class SpoolWork: @unchecked Sendable {
  private struct State {
    var next = 0
    var ended = 0
    var isStopped = false
    var failure: (place: Int, error: Diagnostic)?
  }

  let finished: EventDescriptor
  private let spools: [StreamSpool]
  private let state = Mutex(State())

  /// Between two looks at whether to go on.
  private static let pieceBytes = 8 << 20

  init(_ spools: [StreamSpool], finished: EventDescriptor) {
    self.spools = spools
    self.finished = finished
  }

  /// What the first spool in order threw.
  var failure: Diagnostic? { state.withLock { $0.failure?.error } }

  /// Whether so many threads have ended.
  func finished(of threads: Int) -> Bool { state.withLock { $0.ended >= threads } }

  func stop() { state.withLock { $0.isStopped = true } }

  /// Reads one spool after the other until none is left.
  func run() {
    while let place = take() {
      do throws(Diagnostic) { try read(spools[place]) } catch {
        state.withLock { if place < $0.failure?.place ?? .max { $0.failure = (place, error) } }
      }
    }
    state.withLock { $0.ended += 1 }
    finished.raise()
  }

  private func take() -> Int? {
    state.withLock { state in
      // What follows a failure is of no use.
      guard !state.isStopped, state.failure == nil, state.next < spools.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  private func read(_ spool: StreamSpool) throws(Diagnostic) {
    while !spool.isEnded, !state.withLock({ $0.isStopped }) {
      try spool.read(upTo: spool.sizeBytes + Self.pieceBytes, cancellation: nil)
    }
  }
}
