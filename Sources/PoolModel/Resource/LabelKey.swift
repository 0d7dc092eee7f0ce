/// Keys of labels that have a meaning.
public enum LabelKey {
    /// On pools: the subnet as a label value.
    public static let poolCIDR = "ipam.spidernet.io/ippool-cidr"
    /// On automatic pools: the name of the application that owns it.
    public static let ownerApplicationName = "ipam.spidernet.io/owner-application-name"

    /// In the pod affinity of automatic pools: API group of the application.
    public static let applicationGroup = "ipam.spidernet.io/app-api-group"
    /// In the pod affinity of automatic pools: API version of the application.
    public static let applicationVersion = "ipam.spidernet.io/app-api-version"
    /// In the pod affinity of automatic pools: kind of the application.
    public static let applicationKind = "ipam.spidernet.io/app-kind"
    /// In the pod affinity of automatic pools: namespace of the application.
    public static let applicationNamespace = "ipam.spidernet.io/app-namespace"
    /// In the pod affinity of automatic pools: name of the application.
    public static let applicationName = "ipam.spidernet.io/app-name"

    /// The five keys that the pod affinity of an automatic pool consists of.
    public static let application = [
        applicationGroup, applicationVersion, applicationKind, applicationNamespace, applicationName,
    ]
}
