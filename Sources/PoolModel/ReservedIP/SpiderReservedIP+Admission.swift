public import IPAMCore
internal import JSONTree

extension SpiderReservedIP {
    /// The object as it is stored: with version, and its ranges in canonical form; unchanged when they cannot be read
    /// or it is being deleted.
    public func defaulted() -> SpiderReservedIP {
        guard !metadata.isTerminating, let family, let ips = try? spec.ips.merged(family: family) else { return self }
        var object = self
        object.spec.ips = ips
        object.spec.ipVersion = Int64(family.rawValue)
        return object
    }

    /// What is wrong with an object that is to be created, after ``defaulted()``; empty when it may be.
    public func validateCreation(
        among others: [SpiderReservedIP] = [], settings: AdmissionSettings = AdmissionSettings()
    ) -> [FieldError] {
        var errors = metadata.validate() + versionErrors()
        if errors.isEmpty, let family, !settings.enabledFamilies.contains(family) {
            errors.append(
                FieldError(
                    .forbidden, at: .spec.appending("ipVersion"),
                    "\(family) is disabled; switch it on in the configuration or use the other family"))
        }
        if others.contains(where: { $0.name == name }) {
            errors.append(
                FieldError(
                    .alreadyExists, at: .metadata.appending("name"), value: name,
                    "a SpiderReservedIP of this name exists; choose another name or update that object"))
        }
        return errors + rangeErrors()
    }

    /// What is wrong with a change of an object, after ``defaulted()``; empty when it may be made.
    public func validateUpdate(from old: SpiderReservedIP) -> [FieldError] {
        if old.metadata.isTerminating {
            return [
                FieldError(
                    .operationForbidden, at: .metadata.appending("deletionTimestamp"),
                    "the object is being deleted; create another one instead")
            ]
        }
        if metadata.isTerminating { return [] }
        if let family, let before = old.family, family != before {
            return [
                FieldError(
                    .forbidden, at: .spec.appending("ipVersion"),
                    "cannot change from \(before) to \(family); create another object instead")
            ]
        }
        return metadata.validate() + versionErrors() + rangeErrors()
    }

    /// What the writer should know: addresses that are in use stay in use until they are released.
    public func warnings(inUse: [AddressInUse]) -> [AdmissionWarning] {
        let addresses = addresses
        let held = inUse.filter { addresses.contains($0.address) }.sorted { $0.address < $1.address }
        guard !held.isEmpty else { return [] }
        let owners = PoolCheck.excerpt(held.map { "\($0.address) (\($0.owner))" })
        return [
            AdmissionWarning(at: .spec.appending("ips"), "in use now and reserved once released: \(owners)")
        ]
    }

    private func versionErrors() -> [FieldError] {
        let path = JSONFieldPath.spec.appending("ipVersion")
        guard family == nil, !spec.ips.isEmpty || spec.ipVersion != nil else { return [] }
        if let version = spec.ipVersion {
            return [FieldError(.notSupported, at: path, value: String(version), "supported values: \"4\", \"6\"")]
        }
        return [
            FieldError(.invalid, at: path, "cannot be derived, since spec.ips[0] is not a range; correct spec.ips[0]")
        ]
    }

    private func rangeErrors() -> [FieldError] {
        let path = JSONFieldPath.spec.appending("ips")
        if spec.ips.isEmpty {
            return [
                FieldError(
                    .required, at: path, "list at least one address or range, or delete the object to reserve nothing")
            ]
        }
        return spec.ips.enumerated().compactMap { index, text in
            do throws(AddressParseError) {
                let range = try AddressRange(parsing: text)
                guard let family, range.family != family else { return nil }
                return FieldError(
                    .invalid, at: path.appending(index), value: text,
                    "is \(range.family), but the object is \(family); put it into an object of its own")
            } catch {
                return .unreadable(text, at: path.appending(index), error)
            }
        }
    }
}

extension SpiderReservedIP {
    /// The reserved addresses; an entry that cannot be read reserves nothing.
    public var addresses: AddressSet { AddressSet(spec.ips.compactMap { AddressRange($0) }) }
}

extension [SpiderReservedIP] {
    /// The addresses of a family that the objects reserve together; those that are being deleted do not count.
    public func reservedAddresses(of family: AddressFamily) -> AddressSet {
        var builder = AddressSetBuilder()
        for object in self where !object.metadata.isTerminating {
            for range in object.addresses.ranges where range.family == family { builder.insert(range) }
        }
        return builder.build()
    }
}
