// Reads columns of lists and structures: levels of their leaves become places and validity (Dremel's record assembly, column by column).
import CDshKernels
import DshColumns
import DshDiagnostics

/// The levels and values of one leaf for some rows.
struct ParquetLeafPart {
  /// A level for each entry: how much of the path to the leaf is there, and which list goes on with it.
  let definition: Buffer
  let repetition: Buffer
  let count: Int
  let values: ParquetValueBuilder
}

/// Reads the entries of one leaf row by row.
final class ParquetLeafReader {
  let leaf: ParquetLeaf
  private let pages: ParquetPages
  private let place: ParquetPlace
  private var values: (any ParquetDecoder)?
  private var levels = (definition: dsh_run_length(), repetition: dsh_run_length())
  /// Entries of the page that are not in the window yet.
  private var pageEntries = 0
  private let window = (definition: MutableBuffer(capacity: windowEntries), repetition: MutableBuffer(capacity: windowEntries))
  private var windowPosition = 0
  private var windowCount = 0

  private static let windowEntries = 8192
  /// The rows of a batch have at most so many entries: lists of thousands of elements fit, and no false run of levels takes all memory.
  static let entryLimit = 1 << 24

  init(_ source: ByteSource, _ chunk: ParquetColumnChunk, _ leaf: ParquetLeaf, _ place: ParquetPlace) throws {
    self.leaf = leaf
    self.place = place
    pages = try ParquetPages(source, chunk, leaf, place)
  }

  var bytesRead: Int { pages.bytesRead }

  /// Reads so many rows; of those that are passed over nothing is kept.
  func read(_ rows: Int, keeps: Bool) throws -> ParquetLeafPart {
    let builder = ParquetValueBuilder(leaf, capacity: 0, place)
    let (definition, repetition) = (MutableBuffer(capacity: rows), MutableBuffer(capacity: rows))
    var begun = 0
    var entries = 0
    while true {
      if windowPosition == windowCount, try !fill() { break }
      let first = windowPosition
      let levels = window.repetition.pointer(to: UInt8.self)
      while windowPosition < windowCount {
        if levels[windowPosition] == 0 {
          if begun == rows { break }
          begun += 1
        }
        windowPosition += 1
      }
      let taken = windowPosition - first
      entries += taken
      guard begun > 0 || taken == 0 else { throw place.damaged("a row begins in the middle") }
      guard entries <= Self.entryLimit else { throw place.tooLarge("the lists of a few thousand rows", limit: Self.entryLimit) }
      try takeValues(first, taken, into: keeps ? builder : nil)
      if keeps {
        definition.append(window.definition.start + first, byteCount: taken)
        repetition.append(window.repetition.start + first, byteCount: taken)
      }
      if begun == rows, windowPosition < windowCount { break }
    }
    guard begun == rows else { throw place.damaged("its pages have fewer rows than the row group") }
    return ParquetLeafPart(definition: definition.freeze(), repetition: repetition.freeze(), count: definition.byteCount, values: builder)
  }

  private func takeValues(_ first: Int, _ count: Int, into builder: ParquetValueBuilder?) throws {
    let levels = window.definition.pointer(to: UInt8.self) + first
    let maximum = UInt8(leaf.maximumDefinition)
    var present = 0
    for index in 0..<count { present &+= levels[index] == maximum ? 1 : 0 }
    guard present > 0 else { return }
    if let builder { try values?.read(present, into: builder) } else { try values?.skip(present) }
  }

  /// Reads the next levels; false behind the last.
  private func fill() throws -> Bool {
    while pageEntries == 0 {
      guard let header = try pages.next() else { return false }
      let page = try pages.read()
      levels = (page.definition, page.repetition)
      values = try parquetDecoder(page, pages.dictionary, leaf, place)
      pageEntries = header.valueCount
    }
    let count = min(pageEntries, Self.windowEntries)
    try fill(window.definition, &levels.definition, count, maximum: leaf.maximumDefinition)
    try fill(window.repetition, &levels.repetition, count, maximum: leaf.maximumRepetition)
    pageEntries -= count
    (windowPosition, windowCount) = (0, count)
    return true
  }

  private func fill(_ target: MutableBuffer, _ runs: inout dsh_run_length, _ count: Int, maximum: Int) throws {
    let output = target.pointer(to: UInt8.self)
    if maximum == 0 { return output.update(repeating: 0, count: count) }
    guard dsh_run_length_u8(&runs, output, count) == count else { throw place.damaged("levels are cut short") }
    guard Int(dsh_largest_u8(output, count)) <= maximum else { throw place.damaged("a level is higher than there are") }
  }
}

/// A column of lists and structures.
final class ParquetNestedReader: ParquetColumnReader {
  private let node: ParquetNode
  private let leaves: [ParquetLeafReader]
  private let place: ParquetPlace
  private var pendingSkip = 0

  init(_ source: ByteSource, _ group: ParquetRowGroup, _ node: ParquetNode, _ schema: ParquetSchema, _ place: ParquetPlace) throws {
    self.node = node
    self.place = place
    leaves = try node.leaves.map { index in
      var place = place
      place.column = schema.leaves[index].path
      return try ParquetLeafReader(source, group.columns[index], schema.leaves[index], place)
    }
  }

  var bytesRead: Int { leaves.reduce(0) { $0 + $1.bytesRead } }

  func skip(_ rows: Int) throws { pendingSkip += rows }

  func read(_ rows: Int) throws -> Column {
    while pendingSkip > 0 {
      let some = min(pendingSkip, 4096)
      for leaf in leaves { _ = try leaf.read(some, keeps: false) }
      pendingSkip -= some
    }
    let parts = try leaves.map { try $0.read(rows, keeps: true) }
    return try ParquetAssembly(parts, first: node.leaves.lowerBound, place).column(node, slots: rows, definition: 0, repetition: 0)
  }
}

/// Makes columns of the levels of their leaves.
private struct ParquetAssembly {
  private let parts: [ParquetLeafPart]
  /// The number of the first leaf.
  private let first: Int
  private let place: ParquetPlace

  init(_ parts: [ParquetLeafPart], first: Int, _ place: ParquetPlace) {
    self.parts = parts
    self.first = first
    self.place = place
  }

  /// The column of a node. It has a slot for each entry of a leaf below it that continues none of its lists, and whose definition level says that the list
  /// it is an element of has an element there.
  ///
  /// - Parameters:
  ///   - slots: how many there have to be.
  ///   - definition, repetition: the levels of the innermost list it is in; 0 outside of lists.
  func column(_ node: ParquetNode, slots: Int, definition: Int, repetition: Int) throws -> Column {
    let part = parts[node.leaves.lowerBound - first]
    let levels = part.definition.pointer(to: UInt8.self)
    let repeats = part.repetition.pointer(to: UInt8.self)
    let (slotDefinition, slotRepetition) = (UInt8(definition), UInt8(repetition))
    func isSlot(_ entry: Int) -> Bool { repeats[entry] <= slotRepetition && levels[entry] >= slotDefinition }

    let present = node.definition.map { UInt8($0) }
    let bits = MutableBuffer(capacity: Bitmap.byteCount(for: slots) + 8)
    bits.appendZeros(Bitmap.byteCount(for: slots) + 8)
    let bit = bits.pointer(to: UInt8.self)
    var found = 0
    var valid = 0
    for entry in 0..<part.count where isSlot(entry) {
      guard found < slots else { throw unequal }
      if present.map({ levels[entry] >= $0 }) ?? true {
        bit[found >> 3] |= 1 << UInt8(found & 7)
        valid += 1
      }
      found += 1
    }
    guard found == slots else { throw unequal }
    let validity = valid == slots ? nil : Bitmap(buffer: bits.freeze(), count: slots)

    switch node.shape {
    case .leaf:
      guard part.values.leaf.conversion == .nothing || part.values.count == valid else { throw unequal }
      return try part.values.finish(rows: slots, validity: validity)
    case .structure(let fields):
      let columns = try fields.map { try column($0.node, slots: slots, definition: definition, repetition: repetition) }
      return Column(type: node.type, count: slots, validity: validity, storage: .structure(columns))
    case .list(let element, let elementDefinition):
      let offsets = MutableBuffer(capacity: (slots + 1) * 4)
      var elements: Int32 = 0
      for entry in 0..<part.count {
        if isSlot(entry) { offsets.append(elements) }
        if repeats[entry] <= slotRepetition + 1, levels[entry] >= elementDefinition { elements += 1 }
      }
      offsets.append(elements)
      let column = try column(element, slots: Int(elements), definition: elementDefinition, repetition: repetition + 1)
      return Column(type: node.type, count: slots, validity: validity, storage: .list(offsets: offsets.freeze(), elements: column))
    }
  }

  private var unequal: Diagnostic { place.damaged("the leaves of a column have different numbers of values") }
}
