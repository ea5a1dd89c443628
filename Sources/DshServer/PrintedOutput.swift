// What commands of the system print, passed on as it comes: they get pipes instead of the streams of this process.

import DshDiagnostics
import DshSystem
import Synchronization

/// Output and errors of this process as long as another program has them.
final class PrintedOutput: Sendable {
  private let pass: @Sendable (String) -> Void
  private let lent = Mutex<Lent?>(nil)

  /// The streams as they were, and what tells the end of what is printed.
  private struct Lent {
    var output: Int32
    var errors: Int32
    var end: EventDescriptor
  }

  /// A program in the background may keep the pipe: then what it prints later is not waited for.
  private static let endMilliseconds = 300

  init(pass: @escaping @Sendable (String) -> Void) { self.pass = pass }

  /// A program is about to run, or has run.
  func lend(_ isLent: Bool) {
    if isLent { begin() } else { end() }
  }

  private func begin() {
    guard let pipe = try? StandardOutputPipe(), let end = try? EventDescriptor() else { return }
    let reading = pipe.reading
    let (output, errors) = pipe.replaceStreams()
    lent.withLock { $0 = Lent(output: output, errors: errors, end: end) }
    let pass = pass
    try? startThread {
      var text = UTF8Pieces()
      while let bytes = try? readAvailable(reading.number), !bytes.isEmpty {
        let piece = text.take(bytes)
        if !piece.isEmpty { pass(piece) }
      }
      end.raise()
    }
  }

  private func end() {
    guard
      let lent = lent.withLock({ lent in
        defer { lent = nil }
        return lent
      })
    else { return }
    StandardOutputPipe.restoreStreams(output: lent.output, errors: lent.errors)
    var entries = [PollEntry(lent.end.number)]
    pollOrEnd(&entries, milliseconds: Self.endMilliseconds)
  }
}

/// Cuts bytes into texts at whole characters.
struct UTF8Pieces {
  private var rest: [UInt8] = []

  /// The text of what came, but for a character that is not whole yet.
  mutating func take(_ bytes: [UInt8]) -> String {
    let all = rest + bytes
    // A character has four bytes at most: one that is cut begins among the last three.
    var end = all.count
    for back in 1...3 where back <= all.count {
      let byte = all[all.count - back]
      if byte & 0xC0 == 0x80 { continue }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      if length > back { end = all.count - back }
      break
    }
    rest = Array(all[end...])
    return String(decoding: all[..<end], as: UTF8.self)
  }
}
