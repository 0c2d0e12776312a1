/// Types and parameters.
extension YAMLWriter {
  mutating func type(_ key: String, _ type: TypeSyntax) {
    guard case .record(let fields) = type.kind, isMapping(fields) else {
      writeComments(before: type.range.end)
      return write(.key(key), printed(type))
    }
    if fields.isEmpty { return entry(key, "{}") }
    nested(key) { writer in
      for field in fields { writer.field(field) }
      writer.writeClosing(of: type.range)
    }
  }

  /// A field called `type` would make the mapping a descriptor.
  private func isMapping(_ fields: [TypeSyntax.Field]) -> Bool {
    var seen: Set<String> = []
    return fields.allSatisfy { $0.name.text != "type" && seen.insert($0.name.text).inserted }
  }

  private mutating func field(_ field: TypeSyntax.Field) {
    let key = YAMLScalar.key(field.name.text)
    element(field.range) { writer in
      writer.documentation(field.documentation)
      guard let refinement = field.refinement else { return writer.type(key, field.type) }
      writer.nested(key) { writer in
        writer.type("type", field.type)
        writer.code(.key("where"), refinement)
      }
    }
  }

  // MARK: Parameters

  mutating func parameters(_ key: String, _ parameters: [Parameter]) {
    expectUnique(parameters.map(\.name))
    if parameters.isEmpty { return entry(key, "{}") }
    nested(key) { writer in
      for parameter in parameters {
        writer.element(parameter.range) { $0.parameter(parameter) }
      }
    }
  }

  private mutating func parameter(_ parameter: Parameter) {
    let key = YAMLScalar.key(parameter.name.text)
    documentation(parameter.documentation)
    let isPlain = parameter.annotations.isEmpty && parameter.defaultValue == nil && parameter.refinement == nil
    if isPlain, !isRecord(parameter.type) { return type(key, parameter.type) }
    nested(key) { writer in
      writer.type("type", parameter.type)
      writer.annotations(parameter.annotations)
      if let value = parameter.defaultValue { writer.value(.key("default"), value) }
      if let refinement = parameter.refinement { writer.code(.key("where"), refinement) }
    }
  }

  private func isRecord(_ type: TypeSyntax) -> Bool {
    if case .record(let fields) = type.kind { isMapping(fields) } else { false }
  }

  private mutating func annotations(_ annotations: [Call]) {
    if annotations.count == 1, annotations[0].path.text == "sink" {
      return arguments("sink", annotations[0].arguments, isKeyword: true)
    }
    if annotations.isEmpty { return }
    nested("annotations") { writer in
      for annotation in annotations {
        writer.element { $0.write(.dash, printed(annotation)) }
      }
    }
  }
}
