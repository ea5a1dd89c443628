// Which parts of a dataset go together into one file of a folder.

import DshDiagnostics

/// With a limit, neighbouring parts share a file so that about as many go into each; otherwise each part has its own.
struct FileShares: Hashable {
  /// The most files there may be, at least one; nil for no limit.
  let limit: Int?

  /// The number of the file for a part, counted from zero; files whose parts have no rows are left out by whoever writes.
  func file(ofPart index: Int, of count: Int) -> Int {
    guard let limit else { return index }
    let files = min(limit, count)
    return ((index + 1) * files - 1) / count
  }

  /// Why fewer files came about than were asked for; nil if they were as many.
  func shortfall(written: Int, parts: Int) -> String? {
    guard let limit, written < limit else { return nil }
    let reason = parts < limit ? "the dataset has \(counted(parts, "block"))" : "the others would have no rows"
    return "\(groupedText(limit)) asked for; \(reason)"
  }
}
