// Which of very many files are looked at when they are named: the others are taken to be like them until they are opened.

/// The choice of files, in rounds: some all over, then those between two that differ, by halves.
struct FileSampling {
  /// What is known of a file before it is looked at.
  struct Candidate {
    /// Files of one kind may be like each other.
    var kind: String
    /// Whether the file may stand unseen at all.
    var mayBeAssumed: Bool
  }

  /// So many files of a kind are looked at in any case.
  static let lookCount = 256

  /// The files to look at, by number, ascending.
  private(set) var chosen: [Int]
  /// The kinds' files that may stand unseen, if these are so many that some do.
  private let sampled: [[Int]]

  init(_ candidates: [Candidate]) {
    var kinds: [String: [Int]] = [:]
    for (index, candidate) in candidates.enumerated() where candidate.mayBeAssumed { kinds[candidate.kind, default: []].append(index) }
    // To look at half of them saves too little to have two ways.
    sampled = kinds.values.filter { $0.count > 2 * Self.lookCount }.sorted { $0[0] < $1[0] }
    let unseen = Set(
      sampled.flatMap { files in
        let seen = Set((0..<Self.lookCount).map { files[$0 * (files.count - 1) / (Self.lookCount - 1)] })
        return files.filter { !seen.contains($0) }
      })
    chosen = candidates.indices.filter { !unseen.contains($0) }
  }

  /// Chooses more files: where two that were looked at differ, and others lie between, the one in the middle.
  ///
  /// - Parameter names: what the columns of each chosen file are called; none for a file without any, which is like every other.
  /// - Returns: whether there are more.
  mutating func refine(_ names: [Int: [String]]) -> Bool {
    var more: [Int] = []
    for files in sampled {
      var last: (place: Int, names: [String])?
      for (place, file) in files.enumerated() {
        guard let own = names[file], !own.isEmpty else { continue }
        if let last, last.names != own, place - last.place > 1 {
          let middle = files[(last.place + place) / 2]
          if names[middle] == nil { more.append(middle) }
        }
        last = (place, own)
      }
    }
    chosen = (chosen + more).sorted()
    return !more.isEmpty
  }

  /// For each of so many files the chosen one that it is like: itself, or the last before it of its kind that has columns, or the first.
  func models(of count: Int, hasColumns: (Int) -> Bool) -> [Int] {
    var models = Array(0..<count)
    let seen = Set(chosen)
    for files in sampled {
      guard var model = files.first(where: { seen.contains($0) && hasColumns($0) }) ?? files.first(where: seen.contains) else { continue }
      for file in files {
        if seen.contains(file) {
          if hasColumns(file) { model = file }
        } else {
          models[file] = model
        }
      }
    }
    return models
  }
}
