/// Keys of annotations that have a meaning.
public enum AnnotationKey {
    /// On Pods: the pools of the interface that asks, `{"ipv4": […], "ipv6": […]}`.
    public static let pool = "ipam.spidernet.io/ippool"
    /// On Pods: the pools of several interfaces, `[{"interface": …, "ipv4": […], "ipv6": […], "cleangateway": …}]`.
    public static let pools = "ipam.spidernet.io/ippools"
    /// On Pods: further routes, `[{"dst": …, "gw": …}]`.
    public static let routes = "ipam.spidernet.io/routes"
    /// On Pods: the subnets of an automatic pool for one interface.
    public static let subnet = "ipam.spidernet.io/subnet"
    /// On Pods: the subnets of automatic pools for several interfaces.
    public static let subnets = "ipam.spidernet.io/subnets"
    /// On Pods: how many addresses an automatic pool has, `5` or `+2`.
    public static let poolSize = "ipam.spidernet.io/ippool-ip-number"
    /// On Pods: whether an automatic pool goes with its application.
    public static let poolReclaim = "ipam.spidernet.io/ippool-reclaim"

    /// On namespaces: the IPv4 pools of its Pods, `["rack-a", "spare-*"]`.
    public static let defaultIPv4Pools = "ipam.spidernet.io/default-ipv4-ippool"
    /// On namespaces: the IPv6 pools of its Pods.
    public static let defaultIPv6Pools = "ipam.spidernet.io/default-ipv6-ippool"

    /// On Pods, read by Multus: the network of the first interface.
    public static let defaultNetwork = "v1.multus-cni.io/default-network"
    /// On Pods, read by Multus: the networks of the further interfaces.
    public static let networks = "k8s.v1.cni.cncf.io/networks"
}
