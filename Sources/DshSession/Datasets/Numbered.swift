// What a session numbers as it comes: datasets, the files of a `read`, kept datasets.

/// Elements with numbers that count up from 0. Some may be given up later; the others keep their numbers, and no number is given twice.
struct Numbered<Element> {
  private var byIndex: [Int: Element] = [:]
  /// The number that the next one gets.
  private(set) var nextIndex = 0

  /// The numbers of those that are there, ascending.
  var indices: [Int] { byIndex.keys.sorted() }
  /// Those that are there, by their numbers.
  var elements: [Element] { indices.map { self[$0] } }
  var count: Int { byIndex.count }

  func contains(_ index: Int) -> Bool { byIndex[index] != nil }

  subscript(index: Int) -> Element {
    get {
      guard let element = byIndex[index] else { preconditionFailure("number \(index) was given up, or never given") }
      return element
    }
    set {
      precondition(byIndex[index] != nil, "number \(index) was given up, or never given")
      byIndex[index] = newValue
    }
  }

  /// - Returns: its number.
  @discardableResult
  mutating func append(_ element: Element) -> Int {
    defer { nextIndex += 1 }
    byIndex[nextIndex] = element
    return nextIndex
  }

  /// Gives up all but these.
  mutating func keep(_ wanted: Set<Int>) { byIndex = byIndex.filter { wanted.contains($0.key) } }
}

extension Numbered: Sendable where Element: Sendable {}
