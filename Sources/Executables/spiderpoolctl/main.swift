print("spiderpoolctl")
