// Finds the name a person most likely meant.

/// The candidate nearest to a mistyped name, or nil if none is near enough.
///
/// Near means an edit distance (insertions, deletions, substitutions and swaps of neighbours; Damerau 1964,
/// in the restricted form) of at most a third of the longer name, one for short names; a difference in
/// letter case alone always counts as near. Of names equally near the one wins that begins alike for longest.
public func nearestName(to name: String, in candidates: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars)
  var best: (name: String, distance: Int, shared: Int)?
  for candidate in candidates where candidate != name {
    let other = Array(candidate.lowercased().unicodeScalars)
    let limit = max(1, max(wanted.count, other.count) / 3)
    if abs(wanted.count - other.count) > limit { continue }
    let distance = editDistance(wanted, other)
    guard distance <= limit, distance < max(wanted.count, other.count) else { continue }
    let shared = zip(wanted, other).prefix { $0 == $1 }.count
    if best.map({ (distance, -shared) < ($0.distance, -$0.shared) }) ?? true { best = (candidate, distance, shared) }
  }
  return best?.name
}

/// The number of single-scalar edits between two names.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var older: [Int] = []
  var previous = Array(0...b.count)
  for i in 0..<a.count {
    var current = [i + 1]
    for j in 0..<b.count {
      var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
      current.append(cost)
    }
    older = previous
    previous = current
  }
  return previous[b.count]
}
