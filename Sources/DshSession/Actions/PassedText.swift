// Text that was passed on to a reader who can't give it back, such as a pipe's, and that a repeated action has to make again as it was.

import DshDiagnostics

/// Remembers what one action has passed on, over all its attempts: when a column is widened in mid-run, the action begins anew, and what it
/// makes again of the same bytes is not passed on twice.
final class PassedText {
  private struct Piece: Equatable {
    var bytes: Int
    var hash: Int
  }

  private var pieces: [Piece] = []
  private var next = 0

  /// An attempt begins.
  func begin() { next = 0 }

  /// Takes the next piece of text; whether it has to be passed on now.
  ///
  /// - Throws: `text-changed` if another text stands in its place already.
  func take(_ bytes: UnsafeRawBufferPointer) throws(Diagnostic) -> Bool {
    var hasher = Hasher()
    hasher.combine(bytes: bytes)
    let piece = Piece(bytes: bytes.count, hash: hasher.finalize())
    defer { next += 1 }
    if next == pieces.count {
      pieces.append(piece)
      return true
    }
    guard pieces[next] == piece else {
      throw Diagnostic(
        .textChanged, "the output began with text that the rest of the file shows to be wrong, and can't be taken back",
        suggestion: "give the types of such columns with --types, or write to a file")
    }
    return false
  }
}
