// The columns of a Parquet file as a tree, and their types.
import DshColumns
import DshDiagnostics

/// A leaf of the schema: what has values.
struct ParquetLeaf: Sendable {
  /// The names from the root, with dots between.
  var path: String
  var type: ParquetPhysicalType
  /// Bytes of a value of `fixedBytes`.
  var lengthBytes: Int
  var logicalType: ParquetLogicalType?
  var maximumDefinition: Int
  var maximumRepetition: Int
  /// The type of the values in a column, and how they become so.
  var columnType: DataType
  var conversion: ParquetConversion
}

/// A column or a part of one.
struct ParquetNode: Sendable {
  indirect enum Shape {
    /// The number of the leaf.
    case leaf(Int)
    case structure([(name: String, node: ParquetNode)])
    /// From this definition level on there is an element.
    case list(ParquetNode, elementDefinition: Int)
  }

  var shape: Shape
  var type: DataType
  /// From this definition level on there is a value; nil where there always is one.
  var definition: Int?
  /// The numbers of the leaves below it.
  var leaves: Range<Int>
}

/// The columns of a file.
struct ParquetSchema: Sendable {
  private(set) var columns: [ParquetNode] = []
  private(set) var names: [String] = []
  private(set) var leaves: [ParquetLeaf] = []

  /// Levels are numbers of one byte, and types are read by functions that call themselves.
  static let depthLimit = 64

  var schema: Schema { Schema(zip(names, columns).map { Field($0, $1.type) }) }

  /// - Parameter elements: the nodes depth first, the root in front.
  init(_ elements: [ParquetSchemaElement], place: ParquetPlace) throws {
    guard let root = elements.first else { throw place.damaged("it has no schema") }
    var builder = ParquetSchemaBuilder(elements, place)
    guard root.childCount >= 0 else { throw place.damaged("its schema has a node with \(root.childCount) children") }
    var taken: Set<ExactText> = []
    for _ in 0..<root.childCount {
      let (name, node) = try builder.readNode(parent: "", definition: 0, repetition: 0, depth: 0)
      columns.append(node)
      // Names of columns are unique in dsh; a later one of the same name gets a number.
      var unique = name
      var number = 2
      while !taken.insert(ExactText(unique)).inserted {
        unique = "\(name)_\(number)"
        number += 1
      }
      names.append(unique)
    }
    guard builder.isAtEnd else { throw place.damaged("its schema has nodes without a parent") }
    leaves = builder.leaves
  }

  /// Puts another node, of the same shape, in the place of a column, with all leaves as they are then.
  mutating func replace(_ column: Int, _ node: ParquetNode, leaves: [ParquetLeaf]) {
    columns[column] = node
    self.leaves = leaves
  }
}

/// Makes the tree of the list of its nodes.
private struct ParquetSchemaBuilder {
  private let elements: [ParquetSchemaElement]
  private let place: ParquetPlace
  private var position = 1
  private(set) var leaves: [ParquetLeaf] = []

  init(_ elements: [ParquetSchemaElement], _ place: ParquetPlace) {
    self.elements = elements
    self.place = place
  }

  var isAtEnd: Bool { position == elements.count }

  /// What the next node is, which is only looked at.
  private var next: ParquetSchemaElement? { position < elements.count ? elements[position] : nil }

  /// Reads the next node with all below it.
  ///
  /// - Parameters:
  ///   - definition, repetition: the levels of its parent.
  ///   - isElement: whether its repetition is that of the list it is an element of, which has been taken care of.
  mutating func readNode(parent: String, definition: Int, repetition: Int, depth: Int, isElement: Bool = false) throws -> (
    name: String, node: ParquetNode
  ) {
    guard let element = next else { throw place.damaged("its schema is cut short") }
    guard depth < ParquetSchema.depthLimit else { throw place.damaged("its schema nests deeper than \(ParquetSchema.depthLimit)") }
    if element.repetition == .repeated, !isElement {
      // A repeated field outside of a list is one of values that are there.
      let first = leaves.count
      let (name, node) = try readNode(
        parent: parent, definition: definition + 1, repetition: repetition + 1, depth: depth + 1, isElement: true)
      return (
        name,
        ParquetNode(
          shape: .list(node, elementDefinition: definition + 1), type: .list(node.type), definition: nil, leaves: first..<leaves.count)
      )
    }
    position += 1
    let path = parent.isEmpty ? element.name : "\(parent).\(element.name)"
    let own = element.repetition == .optional ? definition + 1 : definition
    let present = element.repetition == .optional ? own : nil
    if let type = element.type {
      guard element.childCount == 0 else { throw place.damaged("its schema has values with children") }
      return (element.name, try leaf(element, type, path: path, definition: own, repetition: repetition, present: present))
    }
    guard element.childCount > 0 else { throw place.damaged("its schema has a group without children") }
    if element.logicalType == .list || element.logicalType == .map, element.childCount == 1, let child = next, child.repetition == .repeated
    {
      return (
        element.name,
        try list(element, child, path: path, definition: own, repetition: repetition, present: present, depth: depth + 1)
      )
    }
    let first = leaves.count
    var fields: [(name: String, node: ParquetNode)] = []
    for _ in 0..<element.childCount {
      fields.append(try readNode(parent: path, definition: own, repetition: repetition, depth: depth + 1))
    }
    return (element.name, structure(fields, present: present, first: first))
  }

  private func structure(_ fields: [(name: String, node: ParquetNode)], present: Int?, first: Int) -> ParquetNode {
    ParquetNode(
      shape: .structure(fields), type: .structure(fields.map { Field($0.name, $0.node.type) }), definition: present,
      leaves: first..<leaves.count)
  }

  /// A group that stands for a list or a map: the repeated node in it is either its element or holds it ("Logical types", backward-compatibility rules).
  private mutating func list(
    _ element: ParquetSchemaElement, _ child: ParquetSchemaElement, path: String, definition: Int, repetition: Int, present: Int?,
    depth: Int
  ) throws -> ParquetNode {
    let first = leaves.count
    let isMap = element.logicalType == .map
    let isItself =
      child.type != nil || child.childCount != 1 || isMap || child.name == "array" || child.name == "\(element.name)_tuple"
      || (position + 1 < elements.count && elements[position + 1].repetition == .repeated)
    var node: ParquetNode
    if isItself {
      node = try readNode(parent: path, definition: definition + 1, repetition: repetition + 1, depth: depth, isElement: true).node
    } else {
      position += 1
      node = try readNode(parent: "\(path).\(child.name)", definition: definition + 1, repetition: repetition + 1, depth: depth + 1).node
    }
    let type = Self.listType(of: node, isMap: isMap)
    // The entries of a map have fields of set names.
    if let entry = type.entry { node.type = entry }
    return ParquetNode(
      shape: .list(node, elementDefinition: definition + 1), type: type, definition: present, leaves: first..<leaves.count)
  }

  /// A map is one of entries with two fields, whatever they are called.
  private static func listType(of element: ParquetNode, isMap: Bool) -> DataType {
    guard isMap, case .structure(let fields) = element.type, fields.count == 2 else { return .list(element.type) }
    return .map(fields[0].type, fields[1].type)
  }

  private mutating func leaf(
    _ element: ParquetSchemaElement, _ type: ParquetPhysicalType, path: String, definition: Int, repetition: Int, present: Int?
  ) throws -> ParquetNode {
    var place = place
    place.column = path
    guard element.lengthBytes >= 0, type != .fixedBytes || element.lengthBytes > 0 else {
      throw place.damaged("values have \(element.lengthBytes) bytes")
    }
    let (columnType, conversion) = try ParquetConversion.of(type, element.logicalType, lengthBytes: element.lengthBytes, place)
    leaves.append(
      ParquetLeaf(
        path: path, type: type, lengthBytes: element.lengthBytes, logicalType: element.logicalType, maximumDefinition: definition,
        maximumRepetition: repetition, columnType: columnType, conversion: conversion))
    return ParquetNode(
      shape: .leaf(leaves.count - 1), type: columnType, definition: present, leaves: leaves.count - 1..<leaves.count)
  }
}
